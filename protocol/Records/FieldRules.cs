using System.Globalization;
using System.Text;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>What a field of a body may hold. Rules are for what people write and import; a peer's body that
/// breaks one is kept and shown. <c>specs/records.md</c>, "Field rules".</summary>
public abstract class FieldRule
{
    /// <summary>What is expected, e.g. <c>text of at most 1,024 bytes</c>.</summary>
    public abstract string Expects { get; }

    internal abstract void Check(IpldNode node, string path, List<FieldProblem> problems);

    private protected void Mismatch(string path, List<FieldProblem> problems) =>
        problems.Add(new(path, $"expected {Expects}"));

    /// <summary>A value as a message shows it: short, in quotes.</summary>
    private protected static string Quote(string value)
    {
        const int Most = 40;
        return value.Length <= Most ? $"\"{value}\"" : $"\"{value[..Most]}…\"";
    }
}

/// <summary>Text, not empty.</summary>
/// <param name="mostBytes">Most bytes in UTF-8.</param>
public sealed class TextRule(int mostBytes) : FieldRule
{
    /// <inheritdoc/>
    public override string Expects =>
        string.Create(CultureInfo.InvariantCulture, $"text of at most {mostBytes:N0} bytes");

    internal override void Check(IpldNode node, string path, List<FieldProblem> problems)
    {
        if (node is not IpldText text)
        {
            Mismatch(path, problems);
            return;
        }

        int bytes = Encoding.UTF8.GetByteCount(text.Value);
        if (bytes > mostBytes)
        {
            problems.Add(new(path, string.Create(
                CultureInfo.InvariantCulture, $"{bytes:N0} bytes of text; {mostBytes:N0} are allowed")));
        }
        else if (string.IsNullOrWhiteSpace(text.Value))
        {
            problems.Add(new(path, "is empty: leave the field out"));
        }
    }
}

/// <summary>Text of a form that a test recognises.</summary>
/// <param name="expects">What is expected.</param>
/// <param name="test">Tells whether a text has the form.</param>
public sealed class FormRule(string expects, Func<string, bool> test) : FieldRule
{
    /// <inheritdoc/>
    public override string Expects { get; } = expects;

    internal override void Check(IpldNode node, string path, List<FieldProblem> problems)
    {
        if (node is not IpldText text)
        {
            Mismatch(path, problems);
        }
        else if (!test(text.Value))
        {
            problems.Add(new(path, Quote(text.Value) + " is not " + Expects));
        }
    }
}

/// <summary>A value of a vocabulary.</summary>
/// <param name="vocabulary">Its name.</param>
public sealed class VocabularyRule(string vocabulary) : FieldRule
{
    /// <summary>The vocabulary.</summary>
    public Vocabulary Vocabulary => Vocabulary.Get(vocabulary);

    /// <inheritdoc/>
    public override string Expects => $"a value of {Vocabulary}";

    internal override void Check(IpldNode node, string path, List<FieldProblem> problems)
    {
        if (node is IpldText text)
        {
            CheckValue(Vocabulary, text.Value, path, problems);
        }
        else
        {
            Mismatch(path, problems);
        }
    }

    internal static void CheckValue(
        Vocabulary vocabulary, string value, string path, List<FieldProblem> problems)
    {
        if (!vocabulary.Contains(value))
        {
            problems.Add(new(path, vocabulary.Suggest(value) is { } meant
                ? $"{Quote(value)} is not in {vocabulary}; did you mean \"{meant}\"?"
                : $"{Quote(value)} is not in {vocabulary}: {vocabulary.Values}"));
        }
    }
}

/// <summary>An integer.</summary>
/// <param name="least">Least value.</param>
/// <param name="most">Greatest value.</param>
public sealed class IntegerRule(long least, long most) : FieldRule
{
    /// <inheritdoc/>
    public override string Expects =>
        string.Create(CultureInfo.InvariantCulture, $"an integer from {least:N0} to {most:N0}");

    internal override void Check(IpldNode node, string path, List<FieldProblem> problems)
    {
        if (node is not IpldInteger number || number.Value < least || number.Value > most)
        {
            Mismatch(path, problems);
        }
    }
}

/// <summary>True or false.</summary>
public sealed class BooleanRule : FieldRule
{
    /// <inheritdoc/>
    public override string Expects => "true or false";

    internal override void Check(IpldNode node, string path, List<FieldProblem> problems)
    {
        if (node is not IpldBoolean)
        {
            Mismatch(path, problems);
        }
    }
}

/// <summary>Bytes of a fixed length, written as hexadecimal digits in JSON.</summary>
/// <param name="length">How many.</param>
public sealed class BytesRule(int length) : FieldRule
{
    /// <summary>How many bytes.</summary>
    public int Length { get; } = length;

    /// <inheritdoc/>
    public override string Expects => $"{Length} bytes ({Length * 2} hexadecimal digits in JSON)";

    internal override void Check(IpldNode node, string path, List<FieldProblem> problems)
    {
        if (node is not IpldBytes bytes || bytes.Value.Length != Length)
        {
            Mismatch(path, problems);
        }
    }
}

/// <summary>The id of a record or identity, written as text in JSON.</summary>
public sealed class LinkRule : FieldRule
{
    /// <inheritdoc/>
    public override string Expects => "an id (bafyrei…)";

    internal override void Check(IpldNode node, string path, List<FieldProblem> problems)
    {
        if (node is not IpldLink)
        {
            Mismatch(path, problems);
        }
    }
}

/// <summary>A list, not empty.</summary>
/// <param name="item">What each item may hold.</param>
/// <param name="most">Most items.</param>
public sealed class ListRule(FieldRule item, int most) : FieldRule
{
    /// <summary>What each item may hold.</summary>
    public FieldRule Item { get; } = item;

    /// <inheritdoc/>
    public override string Expects => $"a list of 1 to {most}, each {Item.Expects}";

    internal override void Check(IpldNode node, string path, List<FieldProblem> problems)
    {
        if (node is not IpldList list)
        {
            Mismatch(path, problems);
            return;
        }

        if (list.Items.Count == 0)
        {
            problems.Add(new(path, "is empty: leave the field out"));
        }
        else if (list.Items.Count > most)
        {
            problems.Add(new(path, $"{list.Items.Count} entries; {most} are allowed"));
        }

        for (int i = 0; i < list.Items.Count; i++)
        {
            Item.Check(list.Items[i], $"{path}[{i}]", problems);
        }
    }
}

/// <summary>A map with fields of its own.</summary>
/// <param name="schema">Its fields.</param>
public sealed class MapRule(Schema schema) : FieldRule
{
    /// <summary>Its fields.</summary>
    public Schema Schema { get; } = schema;

    /// <inheritdoc/>
    public override string Expects => $"a map of {string.Join(", ", Schema.Fields.Select(f => f.Name))}";

    internal override void Check(IpldNode node, string path, List<FieldProblem> problems)
    {
        if (node is IpldMap map)
        {
            Schema.Check(map, path, problems);
        }
        else
        {
            Mismatch(path, problems);
        }
    }
}
