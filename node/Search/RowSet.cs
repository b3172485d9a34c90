using System.Numerics;

namespace IncidentMesh.Node.Search;

/// <summary>A set of rows of the table, one bit each.</summary>
internal sealed class RowSet(int rows)
{
    private readonly ulong[] words = new ulong[(rows + 63) / 64];

    public int Rows { get; } = rows;

    public static RowSet All(int rows)
    {
        var set = new RowSet(rows);
        set.words.AsSpan().Fill(ulong.MaxValue);
        set.ClearTail();
        return set;
    }

    public static RowSet Where(int rows, Func<int, bool> holds)
    {
        var set = new RowSet(rows);
        for (int row = 0; row < rows; row++)
        {
            if (holds(row))
            {
                set.Add(row);
            }
        }

        return set;
    }

    public void Add(int row) => words[row >> 6] |= 1UL << row;

    public bool Contains(int row) => (words[row >> 6] & (1UL << row)) != 0;

    public int Count()
    {
        int count = 0;
        foreach (ulong word in words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    public RowSet Copy()
    {
        var copy = new RowSet(Rows);
        words.CopyTo(copy.words, 0);
        return copy;
    }

    public RowSet And(RowSet other)
    {
        for (int i = 0; i < words.Length; i++)
        {
            words[i] &= other.words[i];
        }

        return this;
    }

    public RowSet Or(RowSet other)
    {
        for (int i = 0; i < words.Length; i++)
        {
            words[i] |= other.words[i];
        }

        return this;
    }

    public RowSet Not()
    {
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = ~words[i];
        }

        ClearTail();
        return this;
    }

    public Enumerator GetEnumerator() => new(words);

    private void ClearTail()
    {
        if ((Rows & 63) != 0)
        {
            words[^1] &= (1UL << Rows) - 1;
        }
    }

    /// <summary>The rows, rising.</summary>
    internal struct Enumerator(ulong[] words)
    {
        private int index = -1;
        private ulong rest;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            while (rest == 0)
            {
                if (++index >= words.Length)
                {
                    return false;
                }

                rest = words[index];
            }

            Current = (index << 6) + BitOperations.TrailingZeroCount(rest);
            rest &= rest - 1;
            return true;
        }
    }
}
