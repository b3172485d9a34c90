using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace IncidentMesh.Tui.Shell;

/// <summary>Names of keys: the text that a key types, or one of <c>enter esc tab shift-tab backspace delete
/// space up down left right home end pgup pgdn f2 f3 f4</c>, after <c>ctrl-</c> where it is held.</summary>
internal static class KeyNames
{
    /// <summary>The name of a key of Terminal.Gui; null for keys that no map knows.</summary>
    public static string? Of(Key key)
    {
        if (key.IsModifierOnly || key.IsAlt)
        {
            return null;
        }

        string? named = key.NoShift.NoCtrl.KeyCode switch
        {
            KeyCode.Enter => "enter",
            KeyCode.Esc => "esc",
            KeyCode.Tab => key.IsShift ? "shift-tab" : "tab",
            KeyCode.Backspace => "backspace",
            KeyCode.Delete => "delete",
            KeyCode.Space => "space",
            KeyCode.CursorUp => "up",
            KeyCode.CursorDown => "down",
            KeyCode.CursorLeft => "left",
            KeyCode.CursorRight => "right",
            KeyCode.Home => "home",
            KeyCode.End => "end",
            KeyCode.PageUp => "pgup",
            KeyCode.PageDown => "pgdn",
            KeyCode.F2 => "f2",
            KeyCode.F3 => "f3",
            KeyCode.F4 => "f4",
            _ => null,
        };
        if (key.IsCtrl)
        {
            string letter = named ?? key.NoCtrl.NoShift.AsGrapheme.ToLowerInvariant();
            return letter.Length == 0 ? null : "ctrl-" + letter;
        }

        return named ?? (key.AsGrapheme is { Length: > 0 } typed ? typed : null);
    }

    /// <summary>What a key types into a prompt; empty for keys that only have a name.</summary>
    public static string Typed(string key) => key switch
    {
        "space" => " ",
        "enter" or "esc" or "tab" or "shift-tab" or "up" or "down" or "left" or "right" or "home" or "end"
            or "pgup" or "pgdn" or "backspace" or "delete" or "f2" or "f3" or "f4" => "",
        _ => key.StartsWith("ctrl-", StringComparison.Ordinal) ? "" : key,
    };
}
