using System.Diagnostics;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Tui.Data;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Start;

/// <summary>What happens where no node answers: one is started, set up, or a demo is shown. Asked line by
/// line, before the screen is filled, so that it is the same for everybody.</summary>
/// <param name="address">Where the node would answer.</param>
/// <param name="program">The command line program.</param>
/// <param name="input">Answers.</param>
/// <param name="output">Questions.</param>
internal sealed class Beginning(NodeAddress address, NodeProgram program, TextReader input, TextWriter output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private const int LogLines = 5;
    private static string[] RoleNames =>
        [T("regulator"), T("lab: builds or deploys AI"), T("civil society"), T("research")];

    private static readonly string[] Roles = ["regulator", "lab", "civil-society", "research"];

    /// <summary>Whether the list begins with the tour.</summary>
    public bool IsFirstRun { get; private set; }

    /// <summary>The demo that is shown, or null.</summary>
    public Demo? Demo { get; private set; }

    private string Home => address.Home!;

    private string[] InHome => address.HomeFlag is { } flag ? [$"--home={flag}"] : [];

    /// <summary>Asks, and does it.</summary>
    /// <returns>The node to show, or null when the person quits.</returns>
    /// <exception cref="NodeFailure">It did not start (5).</exception>
    public NodeAddress? Run()
    {
        if (Directory.Exists(Path.Combine(Home, "keys")))
        {
            output.WriteLine(T($"No node is running in {Home}."));
            return Asked(T("Enter starts one, q quits: ")) is "" ? Started() : null;
        }

        IsFirstRun = true;
        output.WriteLine(T("There is no node on this computer yet."));
        output.WriteLine("  1  " + T("look around: a demo with reports of others; it goes when you quit"));
        output.WriteLine("  2  " + T("set up: a name, keys and a node of your own"));
        return Choose(T("1, 2, or q to quit: "), 2) switch
        {
            1 => LookAround(),
            2 => SetUp() ? Started() : null,
            _ => null,
        };
    }

    private NodeAddress LookAround()
    {
        output.WriteLine(T("Three nodes start on this computer and exchange reports: half a minute."));
        string? told = program.Read("demo", "--keep", "--json");
        Demo = Demo.TryRead(told) ?? throw new NodeFailure(
            NodeFailure.Lost, T("the demo did not start"), T("incidentmesh demo says why"), 5);
        return new NodeAddress(Demo.Socket, null, null);
    }

    private bool SetUp()
    {
        string name;
        do
        {
            if (Asked(T("Your name, as others will see it: ")) is not { } typed)
            {
                return false;
            }

            name = typed;
        }
        while (name.Length == 0);

        List<string> arguments = ["init", "--name=" + name, .. InHome];
        for (int i = 0; i < Roles.Length; i++)
        {
            output.WriteLine($"  {i + 1}  {RoleNames[i]}");
        }

        if (Choose(T("Your role, 1 to 4; Enter leaves it open: "), Roles.Length) is not { } role)
        {
            return false;
        }

        if (role > 0)
        {
            arguments.Add("--role=" + Roles[role - 1]);
        }

        if (AskedPeer() is not { } peer)
        {
            return false;
        }

        if (peer.Length > 0)
        {
            arguments.Add("--join=" + peer);
        }

        output.WriteLine(T("Two key files open and recover your identity:"));
        output.WriteLine("  " + Path.Combine(Home, "keys", "root.key"));
        output.WriteLine("  " + Path.Combine(Home, "keys", "next.key"));
        output.WriteLine(T("A passphrase seals them. Move them off this computer, to two places,"));
        output.WriteLine(T("and keep the passphrase apart from both."));
        return program.Run(arguments) == 0;
    }

    // Asked here until it is one: the program would end over it, and name and role with it.
    private string? AskedPeer()
    {
        output.WriteLine(T("A node needs one other to begin with: its address, /ip4/…/tcp/…/p2p/…"));
        while (Asked(T("Address, or Enter for none now: ")) is { } peer)
        {
            if (peer.Length == 0
                || (Multiaddr.TryParse(peer, out Multiaddr? address, out _) && address.Peer is not null))
            {
                return peer;
            }

            output.WriteLine(
                Known($"\"{SafeText.Show(peer)}\" does not name a peer"));
        }

        return null;
    }

    private NodeAddress Started()
    {
        string log = Path.Combine(Home, "node.log");
        output.WriteLine(T($"starting the node; it goes on when you quit; it writes to {log}"));
        int id = program.StartDetached(log, ["run", .. InHome]);
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < Patience && IsAlive(id))
        {
            if (address.Answers())
            {
                return address;
            }

            Thread.Sleep(Pause);
        }

        foreach (string line in File.Exists(log) ? File.ReadLines(log).TakeLast(LogLines) : [])
        {
            output.WriteLine("  " + SafeText.Show(line));
        }

        throw new NodeFailure(
            NodeFailure.Lost, T("the node did not start"), T("incidentmesh run says why"), 5);
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // A number from 1, 0 for Enter; null for q and the end of the input.
    private int? Choose(string question, int most)
    {
        while (Asked(question) is { } typed)
        {
            if (typed.Length == 0)
            {
                return 0;
            }

            if (typed.Length == 1 && typed[0] - '0' is >= 1 and var number && number <= most)
            {
                return number;
            }

            output.WriteLine(T($"a number from 1 to {most}"));
        }

        return null;
    }

    private string? Asked(string question)
    {
        output.Write(question);
        output.Flush();
        return input.ReadLine()?.Trim() is { } typed && typed != "q" ? typed : null;
    }
}
