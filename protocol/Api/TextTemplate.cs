using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace IncidentMesh.Protocol.Api;

/// <summary>An English text with values in it, as the compiler hands over <c>$"… {value} …"</c>: the name
/// that it has in the resources (<c>… {0} …</c>) and the values.</summary>
[InterpolatedStringHandler]
public readonly struct TextTemplate(int literalLength, int formattedCount)
{
    private readonly StringBuilder _name = new(literalLength + (formattedCount * 3));
    private readonly List<object?> _values = new(formattedCount);

    /// <summary>The text with <c>{0}</c>, <c>{1}</c> for its values.</summary>
    internal string Name => _name.ToString();

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string literal) => _name.Append(literal.Replace("{", "{{").Replace("}", "}}"));

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted(object? value, string? format = null)
    {
        _name.Append('{').Append(_values.Count.ToString(CultureInfo.InvariantCulture))
            .Append(format is null ? "" : ":" + format).Append('}');
        _values.Add(value);
    }

    // Numbers stay as they are in JSON and in queries, so that what is seen can be typed.
    internal string Fill(string text) => string.Format(CultureInfo.InvariantCulture, text, [.. _values]);
}
