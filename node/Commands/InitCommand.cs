using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>init</c>: an identity, its keys, a profile and perhaps a first peer.</summary>
internal static class InitCommand
{
    public static Command Build()
    {
        Option<string?> name = Cli.Text("--name", "NAME", T("what you call yourself"));
        Option<string?> role = Cli.Text("--role", "ROLE", T("regulator, lab, civil-society or research"));
        Option<string?> country = Cli.Text("--country", "CC", T("your country (ISO 3166-1)"));
        Option<string?> join = Cli.Text("--join", "ADDR", T("a first peer, with /p2p/ID"));
        Option<bool> seal =
            Cli.Flag("--seal-device", T("seal the device key too: every start asks for the passphrase"));
        Command command =
            new("init",
                T("set up a node: its identity, keys and profile")) { name, role, country, join, seal };
        return command.Does(
            async (session, parse, stop) =>
            {
                if (Keyring.Exists(session.Folder))
                {
                    throw new ApiException(
                        "exists", T($"a node is set up in {session.Folder.Home}"),
                            T("--home names another folder"), 7);
                }

                string called = parse.GetValue(name)
                    ?? (Terminal.CanAsk ? Terminal.Ask(T("Name: ")) : null)
                    ?? throw ApiException.Usage(T("--name is needed"));
                JsonObject profile = Profile(called, parse.GetValue(role), parse.GetValue(country));
                string passphrase = await new Passphrase(session).GetAsync(create: true, stop);
                await NodeSetup.CreateAsync(
                    session.Folder, profile, passphrase, parse.GetValue(seal), parse.GetValue(join), stop);
                await using LocalNode node = await LocalNode.OpenAsync(
                    session.Folder, () => Task.FromResult(passphrase), stop);
                Print(session, await node.StatusAsync(stop));
                return ExitCode.Done;
            },
            "incidentmesh init --name='Bundesnetzagentur' --role=regulator --country=DE",
            "incidentmesh init --name=wohnhilfe --join=/ip4/192.0.2.7/tcp/4711/p2p/12D3KooW…");
    }

    private static JsonObject Profile(string name, string? role, string? country)
    {
        JsonObject profile = new() { ["name"] = name };
        if (role is not null)
        {
            Vocabulary roles = Vocabulary.Get("author-role");
            profile["role"] = roles.Find(role) is not null
                ? role
                : throw ApiException.Usage(
                    T($"--role \"{role}\" is not known"),
                    string.Join(", ", roles.Entries.Select(e => e.Value)));
        }

        if (country is not null)
        {
            profile["country"] = country.ToUpperInvariant();
        }

        return profile;
    }

    private static void Print(Session session, StatusView status)
    {
        if (session.Json || session.JsonLines)
        {
            session.Print(status, ApiJson.Default.StatusView);
            return;
        }

        session.Fact(T("identity"), status.Identity);
        session.Fact(T("peer id"), status.PeerId);
        session.Fact(T("home"), status.Home);
        if (!session.Quiet)
        {
            session.Err.WriteLine(T("keys/root.key and keys/next.key open and recover the identity:"));
            session.Err.WriteLine(
                T("move them off this machine, to two places, and keep the passphrase apart"));
            session.Err.WriteLine("hint: " + T("incidentmesh run starts the node"));
        }
    }
}
