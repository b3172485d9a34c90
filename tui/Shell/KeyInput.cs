using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace IncidentMesh.Tui.Shell;

/// <summary>Reads keys as they come. Terminal.Gui 2.5 looks for them every 20 ms and tells nobody; here its
/// input thread sleeps in the system until there are some, and wakes whoever waits for them.</summary>
/// <param name="wake">Set when keys were read.</param>
internal sealed class KeyInput(EventWaitHandle wake) : AnsiInput
{
    // The end of the program waits for this, and mostly follows a key.
    private const int WaitMilliseconds = 1000, WaitAfterKeyMilliseconds = 50;
    private static readonly TimeSpan AfterKey = TimeSpan.FromSeconds(2);

    private const int StandardInput = 0;
    private const short PollIn = 1, PollError = 8, PollHangUp = 16;

    private readonly PollFd[] files = [new PollFd { File = StandardInput, Events = PollIn }];
    private long readAt = Stopwatch.GetTimestamp();
    private bool read;

    /// <summary>Whether this system can wait for keys.</summary>
    public static bool IsPossible => !OperatingSystem.IsWindows();

    /// <summary>An application of Terminal.Gui that reads so where the system can.</summary>
    public static IApplication Begin(EventWaitHandle wake)
    {
        IApplication app = Application.Create();
        if (IsPossible)
        {
            Components(app) = new AnsiComponentFactory(new KeyInput(wake));
        }

        return app.Init(DriverRegistry.Names.ANSI);
    }

    public override bool Peek()
    {
        if (read)
        {
            readAt = Stopwatch.GetTimestamp();
            wake.Set();
        }

        bool soon = Stopwatch.GetElapsedTime(readAt) < AfterKey;
        bool ready = Poll(files, 1, soon ? WaitAfterKeyMilliseconds : WaitMilliseconds) > 0;
        if (ready && (files[0].Found & (PollError | PollHangUp)) != 0)
        {
            // A terminal that was closed is ready for ever, and Terminal.Gui would read it without an end.
            Thread.Sleep(WaitAfterKeyMilliseconds);
            ready = false;
        }

        read = ready && base.Peek();
        return read;
    }

    // Terminal.Gui 2.5 has a place for parts of others, and no other way to it: DriverRegistry knows names
    // that CreateDriver does not.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_componentFactory")]
    private static extern ref IComponentFactory? Components(
        [UnsafeAccessorType("Terminal.Gui.App.ApplicationImpl, Terminal.Gui")] object app);

    // POSIX.1-2017, poll().
    [DllImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Poll([In, Out] PollFd[] files, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int File;
        public short Events;
        public short Found;
    }
}
