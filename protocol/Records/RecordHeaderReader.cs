using System.Diagnostics.CodeAnalysis;
using System.Text;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Reads a header in one pass over its bytes. <c>specs/records.md</c>, "Header".</summary>
internal ref struct RecordHeaderReader
{
    private const int AllRequired = (1 << 10) - 1;
    private CborReader _reader;
    private Fault? _fault;
    private int _seen;
    private long _version;
    private string _type;
    private Cid _author;
    private PublicKey _key;
    private Cid _auth;
    private long _seq;
    private Cid[] _previous;
    private long _created;
    private Cid _body;
    private long _size;
    private string? _language;
    private Relation[] _relations;
    private string[] _must;

    private RecordHeaderReader(ReadOnlySpan<byte> payload)
    {
        _reader = new CborReader(payload);
        _type = "";
        _previous = [];
        _relations = [];
        _must = [];
    }

    internal static bool TryRead(
        ReadOnlySpan<byte> payload,
        [NotNullWhen(true)] out RecordHeader? header,
        [NotNullWhen(false)] out Fault? fault)
    {
        RecordHeaderReader reader = new(payload);
        header = reader.TryReadMap() && reader.TryFinish() ? reader.Build() : null;
        fault = header is null ? reader._fault ?? reader._reader.Fault! : null;
        return header is not null;
    }

    private bool TryReadMap()
    {
        if (!_reader.TryReadMap(out int count))
        {
            return false;
        }

        ReadOnlySpan<byte> previous = default;
        for (int i = 0; i < count; i++)
        {
            if (!_reader.TryReadKey(previous, out ReadOnlySpan<byte> key) || !TryReadField(key))
            {
                return false;
            }

            previous = key;

            // "v" is the shortest key and so the first: what follows in another version may have another
            // form.
            if (i == 0 && ((_seen & 1) == 0 || _version != RecordHeader.CurrentVersion))
            {
                return (_seen & 1) == 0
                    ? Fail("header-field", "\"v\" is missing")
                    : Fail(RecordFaults.UnknownVersion, $"a header of version {_version}");
            }
        }

        return _reader.AtEnd || Fail("header-trailing", "bytes after the header");
    }

    private bool TryReadField(ReadOnlySpan<byte> key)
    {
        switch (key.Length)
        {
            case 1 when key.SequenceEqual("v"u8):
                return Seen(0) && _reader.TryReadInteger(out _version);
            case 3 when key.SequenceEqual("key"u8):
                return Seen(1) && TryReadKeyField();
            case 3 when key.SequenceEqual("rel"u8):
                return TryReadRelations();
            case 3 when key.SequenceEqual("seq"u8):
                return Seen(2) && TryReadInteger("seq", 1, Limits.Wire.CborInteger, out _seq);
            case 4:
                return TryReadFourLetterField(key);
            case 6 when key.SequenceEqual("author"u8):
                return Seen(3) && TryReadEventLink("author", out _author);
            case 7 when key.SequenceEqual("created"u8):
                return Seen(4)
                    && TryReadInteger("created", 0, Limits.Records.CreatedSeconds - 1, out _created);
            default:
                return _reader.TrySkip();
        }
    }

    private bool TryReadFourLetterField(ReadOnlySpan<byte> key)
    {
        if (key.SequenceEqual("auth"u8))
        {
            return Seen(5) && TryReadEventLink("auth", out _auth);
        }

        if (key.SequenceEqual("body"u8))
        {
            return Seen(6) && _reader.TryReadLink(out _body);
        }

        if (key.SequenceEqual("lang"u8))
        {
            return TryReadLanguage();
        }

        if (key.SequenceEqual("must"u8))
        {
            return TryReadMust();
        }

        if (key.SequenceEqual("prev"u8))
        {
            return Seen(7) && TryReadPrevious();
        }

        if (key.SequenceEqual("size"u8))
        {
            return Seen(8) && TryReadInteger("size", 1, Limits.Records.BodyBytes, out _size);
        }

        return key.SequenceEqual("type"u8) ? Seen(9) && TryReadWord("type", out _type) : _reader.TrySkip();
    }

    private bool TryReadKeyField() => _reader.TryReadBytes(out ReadOnlySpan<byte> bytes)
        && (PublicKey.TryReadMultikey(bytes, out _key, out Fault? fault) || Fail(fault));

    private bool TryReadEventLink(string field, out Cid value) => _reader.TryReadLink(out value)
        && (value.Codec == Codec.DagCbor || Fail("header-field", $"\"{field}\" must link to DAG-CBOR"));

    private bool TryReadInteger(string field, long least, long most, out long value) =>
        _reader.TryReadInteger(out value)
        && ((value >= least && value <= most)
            || Fail("header-field", $"\"{field}\" is {value}; {least} to {most} is allowed"));

    private bool TryReadPrevious()
    {
        if (!TryReadCount("prev", 0, Limits.Records.Previous, out int count))
        {
            return false;
        }

        _previous = count == 0 ? [] : new Cid[count];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadEventLink("prev", out _previous[i]))
            {
                return false;
            }

            if (i > 0 && _previous[i] <= _previous[i - 1])
            {
                return Fail("header-order", "\"prev\" is not in byte order, or names one record twice");
            }
        }

        return true;
    }

    private bool TryReadRelations()
    {
        if (!TryReadCount("rel", 1, Limits.Records.Relations, out int count))
        {
            return false;
        }

        _relations = new Relation[count];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadRelation(out _relations[i]))
            {
                return false;
            }

            if (_relations.AsSpan(0, i).Contains(_relations[i]))
            {
                return Fail("header-order", "\"rel\" has one entry twice");
            }
        }

        return true;
    }

    private bool TryReadRelation(out Relation relation)
    {
        relation = default;
        string? how = null;
        Cid? to = null;
        if (!_reader.TryReadMap(out int count))
        {
            return false;
        }

        ReadOnlySpan<byte> previous = default;
        for (int i = 0; i < count; i++)
        {
            if (!_reader.TryReadKey(previous, out ReadOnlySpan<byte> key))
            {
                return false;
            }

            previous = key;
            bool ok;
            if (key.SequenceEqual("to"u8))
            {
                ok = _reader.TryReadLink(out Cid link);
                to = link;
            }
            else
            {
                ok = key.SequenceEqual("how"u8) ? TryReadWord("how", out how) : _reader.TrySkip();
            }

            if (!ok)
            {
                return false;
            }
        }

        relation = new Relation(how ?? "", to ?? default);
        return (how is not null && to is not null)
            || Fail("header-field", "an entry of \"rel\" needs \"how\" and \"to\"");
    }

    private bool TryReadLanguage()
    {
        if (!_reader.TryReadText(out ReadOnlySpan<byte> text))
        {
            return false;
        }

        _language = LanguageTag.IsWellFormed(text) ? Encoding.ASCII.GetString(text) : null;
        return _language is not null || Fail("header-field", "\"lang\" is not a BCP 47 tag");
    }

    private bool TryReadMust()
    {
        if (!TryReadCount("must", 1, Limits.Records.Must, out int count))
        {
            return false;
        }

        _must = new string[count];
        ReadOnlySpan<byte> previous = default;
        for (int i = 0; i < count; i++)
        {
            if (!_reader.TryReadKey(previous, out ReadOnlySpan<byte> key))
            {
                return false;
            }

            previous = key;
            _must[i] = Encoding.UTF8.GetString(key);
        }

        return true;
    }

    private bool TryReadCount(string field, int least, int most, out int count) =>
        _reader.TryReadList(out count)
        && ((count >= least && count <= most)
            || Fail("header-count", $"\"{field}\" has {count} entries; {least} to {most} are allowed"));

    /// <summary>A word of lower-case letters, digits and hyphens that begins with a letter.</summary>
    private bool TryReadWord(string field, out string word)
    {
        word = "";
        if (!_reader.TryReadText(out ReadOnlySpan<byte> text))
        {
            return false;
        }

        if (!Words.IsWord(text))
        {
            return Fail(
                "header-field", $"\"{field}\" is not a word of 1 to {Limits.Records.WordBytes} of a-z 0-9 -");
        }

        word = Words.Intern(text);
        return true;
    }

    private bool TryFinish()
    {
        if (_seen != AllRequired)
        {
            return Fail(
                "header-field", "v, type, author, key, auth, seq, prev, created, body or size is missing");
        }

        Codec codec = _type == RecordTypes.Sealed ? Codec.Raw : Codec.DagCbor;
        if (_type == RecordTypes.Sealed && (_language is not null || _relations.Length > 0))
        {
            return Fail("header-sealed", "a sealed record tells neither its language nor its relations");
        }

        return _body.Codec == codec
            || Fail("header-codec", $"the body of type \"{_type}\" has codec 0x{(byte)_body.Codec:x2}");
    }

    private readonly RecordHeader Build() => new()
    {
        Version = (int)_version,
        Type = _type,
        Author = _author,
        Key = _key,
        Auth = _auth,
        Seq = _seq,
        Previous = _previous,
        Created = _created,
        Body = _body,
        Size = (int)_size,
        Language = _language,
        Relations = _relations,
        Must = _must,
    };

    private bool Seen(int bit)
    {
        _seen |= 1 << bit;
        return true;
    }

    private bool Fail(string code, string detail) => Fail(Fault.Message(code, detail));

    private bool Fail(Fault? fault)
    {
        _fault = fault;
        return false;
    }
}
