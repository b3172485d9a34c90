using System.Text.Json;

namespace IncidentMesh.Protocol.Api;

/// <summary>A report that is being written.</summary>
public sealed record DraftContent
{
    /// <summary>Record type.</summary>
    public string Type { get; init; } = "incident";

    /// <summary>BCP 47 tag, or null.</summary>
    public string? Lang { get; init; }

    /// <summary>TLP 2.0 label, or null where none was chosen yet.</summary>
    public string? Tlp { get; init; }

    /// <summary>The body in its JSON form, as far as it is written.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>Relations to other records.</summary>
    public IReadOnlyList<RelationRequest> Relations { get; init; } = [];

    /// <summary>Reports that it shall be linked with as telling of the same event.</summary>
    public IReadOnlyList<string> SameAs { get; init; } = [];

    /// <summary>What a client keeps of its form beside the body: the node does not look at it.</summary>
    public JsonElement? Form { get; init; }
}

/// <summary>A draft as lists show it.</summary>
/// <param name="Number">Its name, from 1.</param>
/// <param name="Saved">When it was last saved.</param>
/// <param name="Bytes">Bytes of its file.</param>
/// <param name="Title">Its title; null while drafts are sealed.</param>
/// <param name="Held">When it is signed and sent: its source is anonymous, and whoever wrote it is done. Null
/// for a draft.</param>
public sealed record DraftItem(
    int Number, DateTimeOffset Saved, long Bytes, string? Title, DateTimeOffset? Held = null);

/// <summary>All drafts.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="HasKey">A key that drafts are sealed to was made.</param>
/// <param name="Unlocked">The passphrase was given: drafts can be read.</param>
/// <param name="Number">The draft that was just saved, or null.</param>
/// <param name="Items">Latest first.</param>
public sealed record DraftListView(
    string Schema, bool HasKey, bool Unlocked, int? Number, IReadOnlyList<DraftItem> Items);

/// <summary>One draft, opened.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Number">Its name.</param>
/// <param name="Saved">When it was last saved.</param>
/// <param name="Draft">What it holds.</param>
public sealed record DraftView(string Schema, int Number, DateTimeOffset Saved, DraftContent Draft)
{
    /// <summary>When it is signed and sent; null for a draft.</summary>
    public DateTimeOffset? Held { get; init; }
}

/// <summary>Change the drafts: <c>POST /v1/drafts</c>.</summary>
/// <param name="Action"><c>unlock</c> with the passphrase (makes the key where there is none); <c>lock</c>;
/// <c>save</c> a draft, as a new one without a number, and one that is held as a draft again; <c>remove</c>
/// one; <c>wipe</c> all, with the key.</param>
/// <param name="Number">Which draft.</param>
/// <param name="Draft">For <c>save</c>.</param>
/// <param name="Passphrase">For <c>unlock</c>; the one that opens the node's root key.</param>
public sealed record DraftRequest(
    string Action, int? Number = null, DraftContent? Draft = null, string? Passphrase = null);
