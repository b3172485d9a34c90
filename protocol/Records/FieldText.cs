using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Sets a field from what someone typed: <c>--set=FIELD=V</c>. <c>specs/records.md</c>,
/// "JSON".</summary>
/// <remarks><c>V = text | integer | true | false | item{,item} | JSON</c>; FIELD is a name, or names joined
/// by dots.</remarks>
public static class FieldText
{
    /// <summary>A copy of <paramref name="body"/> with a field set; an empty value removes it.</summary>
    /// <param name="type">The type of the record.</param>
    /// <param name="body">The body before.</param>
    /// <param name="field">A name, or a path into maps: <c>clocks.aware_at</c>.</param>
    /// <param name="value">What was typed. A value that begins with <c>{</c> or <c>[</c> is JSON; a list
    /// takes values between commas, one of maps what its one required field holds (<c>deployers</c> takes
    /// names); <c>severity</c> alone takes a value of <c>oecd-severity</c>; <c>occurred</c> a time.</param>
    /// <param name="changed">The body after.</param>
    /// <param name="problem">Why it could not be set.</param>
    public static bool TrySet(
        string type,
        IpldMap body,
        string field,
        string value,
        [NotNullWhen(true)] out IpldMap? changed,
        [NotNullWhen(false)] out FieldProblem? problem)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(value);
        changed = null;
        problem = Schema.Of(type) is null
            ? new FieldProblem(field, $"type \"{type}\" has no fields that can be set")
            : IsWritable(value) ? null : new FieldProblem(field, "text with a lone surrogate or U+0000");
        if (problem is not null)
        {
            return false;
        }

        Schema schema = Schema.Of(type)!;
        changed = Set(schema, body, field.Split('.'), 0, value, out problem);
        if (changed is null)
        {
            problem ??= new FieldProblem(field, "cannot be set");
            return false;
        }

        List<FieldProblem> problems = [];
        string top = field.Split('.')[0];
        if (changed.TryGet(top, out IpldNode? node))
        {
            schema.Find(top)!.Rule.Check(node, top, problems);
        }

        problem = problems.FirstOrDefault();
        return problem is null;
    }

    /// <summary>Whether a field takes values between commas.</summary>
    public static bool TakesSeveral(string type, string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        Schema? schema = Schema.Of(type);
        FieldRule? rule = null;
        foreach (string name in field.Split('.'))
        {
            rule = schema?.Find(name)?.Rule;
            schema = (rule as MapRule)?.Schema;
        }

        return rule is ListRule;
    }

    private static IpldMap? Set(
        Schema schema, IpldMap map, string[] path, int at, string value, out FieldProblem? problem)
    {
        problem = null;
        string name = path[at];
        string here = string.Join('.', path[..(at + 1)]);
        if (schema.Find(name) is not { } field)
        {
            string? meant = schema.Fields.Select(f => f.Name).MinBy(f => EditDistance.Between(f, name));
            string hint = meant is not null && EditDistance.Between(meant, name) <= 3
                ? $"; did you mean {meant}?" : "";
            problem = new FieldProblem(here, "is not a field" + hint);
            return null;
        }

        if (at + 1 < path.Length)
        {
            if (field.Rule is not MapRule inner)
            {
                problem = new FieldProblem(here, "has no fields of its own");
                return null;
            }

            IpldMap old = map.Get<IpldMap>(name) ?? IpldMap.Empty;
            IpldMap? set = Set(inner.Schema, old, path, at + 1, value, out problem);
            return set is null ? null : set.Entries.Count == 0 ? map.Without(name) : map.With(name, set);
        }

        if (value.Length == 0)
        {
            return map.Without(name);
        }

        IpldNode? node = Parse(field, value, here, out problem);
        return node is null ? null : map.With(name, node);
    }

    private static IpldNode? Parse(Field field, string value, string path, out FieldProblem? problem)
    {
        problem = null;
        if (value[0] is '{' or '[')
        {
            return BodyJson.ReadValue(value, field.Rule, path, out problem);
        }

        switch (field.Rule)
        {
            case IntegerRule:
                bool number = long.TryParse(
                    value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long n)
                    && n is >= -Limits.Wire.CborInteger and <= Limits.Wire.CborInteger;
                problem = number ? null : new FieldProblem(path, $"expected {field.Rule.Expects}");
                return number ? new IpldInteger(n) : null;
            case BooleanRule:
                problem = value is "true" or "false" ? null : new FieldProblem(
                    path, "expected true or false");
                return problem is null ? new IpldBoolean(value == "true") : null;
            case BytesRule or LinkRule:
                return BodyJson.ReadValue(
                    $"\"{JsonEncodedText.Encode(value)}\"", field.Rule, path, out problem);
            case ListRule { Item: not MapRule }:
                return new IpldList([.. Items(value)]);
            case ListRule { Item: MapRule { Schema.Fields: var fields } }
                when fields.Count(f => f.Required) == 1:
                string name = fields.First(f => f.Required).Name;
                return new IpldList([.. Items(value).Select(i => IpldMap.Empty.With(name, i))]);
            case MapRule when field.Name == "severity":
                return new Severity(value, Severity.Oecd).ToMap();
            case MapRule when field.Name == "occurred":
                return new Occurrence(value).ToMap();
            case MapRule or ListRule:
                problem = new FieldProblem(path, $"expected JSON: {field.Rule.Expects}");
                return null;
            default:
                return new IpldText(value);
        }
    }

    private static IEnumerable<IpldText> Items(string value) => value
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(i => new IpldText(i));

    /// <summary>Text that has a UTF-8 form and no U+0000.</summary>
    private static bool IsWritable(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (text[i] == '\0' || char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
