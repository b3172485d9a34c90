using IncidentMesh.Node.Commands;
using IncidentMesh.Tests.Store;
using Xunit;

namespace IncidentMesh.Tests.Commands;

public sealed class PagerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_fits_is_printed_and_what_does_not_is_paged()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        string paged = Path.Combine(_folder.Path, "paged");
        string command = $"sed s/^/P:/ > '{paged}'";
        Assert.Equal("1\n2\n", Printed(2, command));
        Assert.False(File.Exists(paged));
        Assert.Equal("", Printed(25, command));
        Assert.Equal(25, File.ReadAllLines(paged).Count(l => l.StartsWith("P:", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_pager_that_is_left_early_ends_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        Assert.Equal("", Printed(200_000, "head -n 1 > /dev/null"));
    }

    [Fact]
    public void Without_such_a_pager_all_is_printed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        Assert.Equal(25, Printed(25, "no-such-pager 2> /dev/null").Count(c => c == '\n'));
    }

    private static string Printed(int lines, string command)
    {
        StringWriter screen = new();
        using Pager pager = new(screen, 10, command);
        for (int i = 1; i <= lines; i++)
        {
            pager.WriteLine($"{i}");
        }

        pager.Finish();
        return screen.ToString();
    }
}
