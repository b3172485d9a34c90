using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <content>Saving, evidence, label.</content>
internal sealed partial class ComposePage
{
    /// <summary>What a crash may take at most: the draft is saved so long after the first key that is not
    /// saved yet.</summary>
    public static readonly TimeSpan SaveTime = TimeSpan.FromSeconds(2);

    private static readonly string[] Labels = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"];

    private int? number;
    private string? tlp;
    private string? sameAs;
    private bool waiting;
    private bool saving;
    private bool dirty;
    private bool over;
    private bool keeping;
    private string? trouble;
    private string? notKept;

    private static string NoLink => T("that is no link (https://…); F2 takes a file, F4 keeps it with you");

    /// <summary>Its number on disk, or null before it was saved.</summary>
    public int? Number => number;

    private string Saved => trouble ?? (number is null ? dirty ? T("not saved yet") : ""
        : dirty || saving ? T($"draft {number} …") : T($"draft {number} saved"));

    private static SubmissionForm Read(DraftContent draft)
    {
        JsonElement kept = draft.Form ?? default;
        string? Kept(string name) => kept.ValueKind == JsonValueKind.Object
            && kept.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
        SubmissionForm form = SubmissionForm.Of(draft.Body, Kept(SubmissionSteps.Language));
        if (form.Values(SubmissionSteps.HarmDone).Count == 0)
        {
            form.Answer(SubmissionSteps.HarmDone, Kept(SubmissionSteps.HarmDone) ?? "");
        }

        return form;
    }

    private SubmitRequest Request() => new()
    {
        Type = "incident", Lang = form.Language, Body = JsonSerializer.SerializeToElement(form.Body()),
        SameAs = sameAs is null ? [] : [sameAs],
    };

    private DraftContent Content() => new()
    {
        Lang = form.Language,
        Tlp = tlp,
        SameAs = sameAs is null ? [] : [sameAs],
        Body = JsonSerializer.SerializeToElement(form.Body()),
        Form = JsonSerializer.SerializeToElement(new JsonObject
        {
            [SubmissionSteps.HarmDone] = form[SubmissionSteps.HarmDone],
            [SubmissionSteps.Language] = form[SubmissionSteps.Language],
        }),
    };

    private void Touch()
    {
        dirty = true;
        if (!waiting)
        {
            waiting = true;
            Desk.After(SaveTime, () =>
            {
                waiting = false;
                Save();
            });
        }
    }

    private void Save()
    {
        if (over || !dirty || form.Told.Length + form.Title.Length == 0)
        {
            return;
        }

        if (saving)
        {
            Touch();
            return;
        }

        (saving, dirty) = (true, false);
        Desk.Courier.Ask(
            (node, stop) => node.DraftsAsync(new DraftRequest("save", number, Content()), stop),
            answer =>
            {
                (saving, trouble, notKept) = (false, null, null);
                number = answer.Number ?? number;
                if (over)
                {
                    Remove();
                }
                else if (keeping)
                {
                    keeping = dirty;
                    Save();
                }
            },
            failure =>
            {
                saving = false;
                bool told = notKept is not null;
                (trouble, notKept) = failure.Code == "drafts-locked"
                    ? (T("NOT SAVED: 6 makes its key"), T("not saved: 6 makes the key of drafts; "
                        + "it is kept on this screen until then"))
                    : (T("NOT SAVED"), Away);
                if (failure.IsLost)
                {
                    Desk.Failed(failure);
                }
                else if (Desk.IsPlain)
                {
                    Desk.Say(trouble, Ink.Bad);
                }

                if (!told && !Desk.Stack.Contains(this))
                {
                    Desk.Say(notKept, Ink.Warn);
                }

                // One that was removed elsewhere is kept as a new one.
                number = failure.Code == "not-found" ? null : number;
                Touch();
            });
    }

    public override void Keep()
    {
        keeping = true;
        Save();
    }

    public override bool IsKeeping => saving;

    public override string? Unsaved =>
        over || !(dirty || saving) || form.Told.Length + form.Title.Length == 0 ? null
        : number is { } kept ? T($"what changed in draft {kept}") : T("the draft that is being written");

    private static string Away =>
        T("not saved: the node is away; it is kept on this screen until it can be saved");

    private void EditOutside()
    {
        TextField field = Here as TextField ?? (TextField)fields[0];
        Save();
        Desk.Lend(field.Text, text =>
        {
            field.Set(field.Step.Kind == StepKind.Text ? text.TrimEnd()
                : text.Trim().ReplaceLineEndings(" "));
            at = Asked.ToList().IndexOf(field);
            Changed();
        });
    }

    private void Leave()
    {
        (Here as EvidenceField)?.Settle();
        bool anything = form.Told.Length > 0 || Answered > 1;
        Save();
        Done(anything ? this : null);
        Desk.Pop();
        notKept ??= Unsaved is null || Desk.Node.LostAt is null ? null : Away;
        if (anything)
        {
            Desk.Say(notKept ?? T("the draft is kept: n goes on with it, 6 lists all"),
                notKept is null ? Ink.Plain : Ink.Warn);
        }
    }

    // Another one that was left stays the one to go on with.
    private void Done(Page? next)
    {
        if (next is not null || Desk.Draft == this)
        {
            Desk.Draft = next;
        }
    }

    private void LinkWith(ReportItem item)
    {
        sameAs = sameAs == item.Id ? null : item.Id;
        Touch();
        string linked = SafeText.Show(item.Short);
        Desk.Say(sameAs is null ? T("not linked any more")
            : T($"goes as its own report, linked with {linked}: ctrl-s sends it"), Ink.Good);
    }

    private void Discard()
    {
        over = true;
        Done(null);
        Remove();
    }

    private void Remove()
    {
        if (number is { } saved)
        {
            number = null;
            Desk.Courier.Ask(
                (node, stop) => node.DraftsAsync(new DraftRequest("remove", saved), stop), _ => { },
                failure => Desk.Say("! " + SafeText.Show(failure.Message), Ink.Bad));
        }
    }

    private void ChooseLabel() => Desk.Ask(new Dialog(
        T("Who may read it? It can be loosened later, never tightened"),
        [new(T("readers"), [.. Labels.Select((l, i) => new Choice($"{i + 1}", l, l))])],
        answers =>
        {
            tlp = answers[0];
            Touch();
        }));

    private void AddEvidence(string key)
    {
        if (key == "f4")
        {
            form.Add(EvidenceFile.Withheld());
            Changed();
            return;
        }

        bool file = key == "f2";
        Desk.Ask(new Dialog(
            file ? T("Evidence: a file; its hash is named, the file stays here") : T("Evidence: a link"),
            [new(file ? T("path") : T("https://…"), [])],
            answers =>
            {
                if (file ? TakeFile(answers[0]) : TakeLink(answers[0]))
                {
                    Desk.Answered();
                    Changed();
                }
            })
            {
                Stays = true,
            });
    }

    private bool TakeLink(string given)
    {
        if (!Protocol.Records.Forms.IsUrl(given))
        {
            Desk.Say(NoLink, Ink.Warn);
            return false;
        }

        form.Add(new JsonObject { ["url"] = given });
        return true;
    }

    // False where there is none, or none that can be read.
    private bool TakeFile(string given)
    {
        string path = UserPath.Full(given);
        try
        {
            EvidenceTaken taken = ReadFile(path);
            if (taken.Copy is { } copy)
            {
                string name = EvidenceFile.CopyName(Path.GetFileName(path));
                Keep(Path.Combine(Path.GetDirectoryName(path)!, name), copy);
            }

            form.Add(taken.Entry);
            Desk.Say(SafeText.Show(taken.Notes.Count == 0
                ? T($"{Path.GetFileName(path)}: its hash is named, the file stays here")
                : string.Join("; ", taken.Notes)), taken.Notes.Count == 0 ? Ink.Good : Ink.Warn);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Desk.Say("! " + T($"there is no file {SafeText.Show(given)}"), Ink.Bad);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Desk.Say("! " + SafeText.Show(e.Message), Ink.Bad);
        }

        return false;
    }

    private static EvidenceTaken ReadFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        return EvidenceFile.Take(Path.GetFileName(path), file);
    }

    // A file of that name may be one of the person's own: it is not written over.
    private static void Keep(string path, byte[] copy)
    {
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(copy))
        {
            using FileStream file = new(path, FileMode.CreateNew);
            file.Write(copy);
        }
    }
}
