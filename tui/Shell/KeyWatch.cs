using System.Runtime.InteropServices;

namespace IncidentMesh.Tui.Shell;

/// <summary>Tells when keys wait in the terminal. Terminal.Gui 2.5 reads them every 20 ms and tells nobody,
/// so that whoever waits for them would have to look as often.</summary>
internal sealed class KeyWatch : IDisposable
{
    // So often at least it is seen that the watch is over.
    private const int WaitMilliseconds = 1000;
    private const int StandardInput = 0;
    private const short PollIn = 1;

    // Until Terminal.Gui has read them they wait still.
    private static readonly TimeSpan ReadTime = TimeSpan.FromMilliseconds(25);

    private readonly EventWaitHandle wake;
    private readonly Thread thread;
    private volatile bool over;

    /// <param name="wake">Set when keys wait.</param>
    public KeyWatch(EventWaitHandle wake)
    {
        this.wake = wake;
        thread = new Thread(Run) { IsBackground = true, Name = "keys" };
        thread.Start();
    }

    /// <summary>Whether this system can wait for keys.</summary>
    public static bool IsPossible => !OperatingSystem.IsWindows();

    public void Dispose() => over = true;

    private void Run()
    {
        PollFd[] files = [new PollFd { File = StandardInput, Events = PollIn }];
        while (!over)
        {
            if (Poll(files, 1, WaitMilliseconds) > 0 && !over)
            {
                wake.Set();
                Thread.Sleep(ReadTime);
            }
        }
    }

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
