using System.Globalization;
using IncidentMesh.Tui.Text;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>A terminal in memory for the few sequences that the terminal UI writes (CUP, EL, SGR, CR, LF):
/// what a person would see. Anything else fails the test.</summary>
internal sealed class VtScreen(int width, int height)
{
    private readonly string[,] cells = Blank(width, height);
    private int x;
    private int y;

    /// <summary>What was copied last (OSC 52), or null.</summary>
    public string? Clipboard { get; private set; }

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>The rows without spaces at their ends.</summary>
    public override string ToString() => string.Join('\n', Enumerable.Range(0, Height).Select(row =>
        string.Concat(Enumerable.Range(0, Width).Select(column => cells[row, column])).TrimEnd()));

    /// <summary>Takes what was written.</summary>
    public void Write(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            switch (text[i])
            {
                case '\u001b':
                    i = Control(text, i);
                    break;
                case '\r':
                    x = 0;
                    i++;
                    break;
                case '\n':
                    y++;
                    i++;
                    break;
                default:
                    int length = StringInfo.GetNextTextElementLength(text, i);
                    Put(text.Substring(i, length));
                    i += length;
                    break;
            }
        }
    }

    private void Put(string grapheme)
    {
        Assert.False(char.IsControl(grapheme[0]), $"U+{(int)grapheme[0]:x4} is written");
        int columns = Columns.Cells(grapheme);
        Assert.True(y < Height && x + columns <= Width, $"({x}, {y}) is outside");
        cells[y, x] = grapheme;
        if (columns == 2)
        {
            cells[y, x + 1] = "";
        }

        x += columns;
    }

    private int Control(string text, int start)
    {
        const string Copy = "\u001b]52;c;";
        if (text.AsSpan(start).StartsWith(Copy))
        {
            int bell = text.IndexOf('\u0007', start);
            byte[] copied = Convert.FromBase64String(text[(start + Copy.Length)..bell]);
            Clipboard = System.Text.Encoding.UTF8.GetString(copied);
            return bell + 1;
        }

        int end = start + 2;
        while (text[end] is (>= '0' and <= '9') or ';')
        {
            end++;
        }

        Assert.Equal('[', text[start + 1]);
        string parameters = text[(start + 2)..end];
        switch (text[end])
        {
            case 'H':
                int[] place = [.. parameters.Split(';').Select(int.Parse)];
                (y, x) = (place[0] - 1, place[1] - 1);
                break;
            case 'K':
                Assert.Equal("", parameters);
                for (int column = x; column < Width; column++)
                {
                    cells[y, column] = " ";
                }

                break;
            default:
                Assert.Equal('m', text[end]);
                break;
        }

        return end + 1;
    }

    private static string[,] Blank(int width, int height)
    {
        string[,] blank = new string[height, width];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                blank[row, column] = " ";
            }
        }

        return blank;
    }
}
