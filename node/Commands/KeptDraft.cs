using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>What is being written at the terminal, kept sealed as it grows, so that a typing error, a crash
/// or a closed terminal takes the last answer at most (<c>specs/submission.md</c>, "Steps").</summary>
internal sealed class KeptDraft(Session session)
{
    private bool _warned;

    /// <summary>Its number, or null where none is kept.</summary>
    public int? Number { get; private set; }

    /// <summary>Saves it; where that cannot be, says so once, and the questions go on.</summary>
    public async Task SaveAsync(DraftContent draft, CancellationToken stop)
    {
        try
        {
            await using INodeApi node = await session.ConnectAsync(stop);
            Number = (await node.DraftsAsync(new DraftRequest("save", Number, draft), stop)).Number;
        }
        catch (Exception e) when (Failure.Of(e) is { } error)
        {
            if (!_warned)
            {
                session.Err.WriteLine(
                    "warning: " + T($"not kept as a draft: {SafeText.Show(Known(error.Message))}"));
            }

            // One that was removed elsewhere is kept as a new one.
            _warned = true;
            Number = error.Code == "not-found" ? null : Number;
        }
    }

    /// <summary>Removes it: it was stored, or is not wanted.</summary>
    public async Task DropAsync(INodeApi node)
    {
        int? number = Forget();
        try
        {
            _ = number is null ? null
                : await node.DraftsAsync(new DraftRequest("remove", number), CancellationToken.None);
        }
        catch (ApiException e) when (e.Error.Code == "not-found")
        {
            return;
        }
    }

    /// <summary>Leaves it where it is: somebody else tells of it.</summary>
    /// <returns>Its number.</returns>
    public int? Forget()
    {
        int? number = Number;
        Number = null;
        return number;
    }

    /// <summary>Says where it is, and how it goes on.</summary>
    public void Tell()
    {
        if (Number is { } number)
        {
            session.Err.WriteLine(T(
                $"kept draft {number}: incidentmesh draft edit {number}, then draft send {number}"));
        }
    }
}
