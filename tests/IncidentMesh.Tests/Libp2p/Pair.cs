using Xunit;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Tests.Libp2p;

/// <summary>Two connections that speak to each other through memory, with a virtual clock and a seeded
/// chunking.</summary>
internal sealed class Pair : IDisposable
{
    private readonly SeededRandom _random;
    private readonly int _chunk;

    /// <summary>Joins a dialer and a listener.</summary>
    /// <param name="seed">Of keys, entropy and chunking.</param>
    /// <param name="chunk">Most bytes that travel at once.</param>
    /// <param name="expected">Whom the dialer expects; the listener when null.</param>
    /// <param name="protocols">What both speak.</param>
    public Pair(ulong seed = 1, int chunk = int.MaxValue, PeerId? expected = null, params string[] protocols)
    {
        _random = new SeededRandom(seed);
        _chunk = chunk;
        DialerKey = NewKey();
        ListenerKey = NewKey();
        Dialer = new Side(this, DialerKey, dialer: true, expected ?? PeerId.Of(ListenerKey.Public),
            protocols);
        Listener = new Side(this, ListenerKey, dialer: false, null, protocols);
    }

    public Instant Now { get; private set; } = new(1_700_000_000_000);

    public SigningKey DialerKey { get; }

    public SigningKey ListenerKey { get; }

    public Side Dialer { get; }

    public Side Listener { get; }

    /// <summary>Lets everything travel until both sides are quiet.</summary>
    public Pair Drive()
    {
        while (Dialer.Exchange(Listener) | Listener.Exchange(Dialer))
        {
        }

        return this;
    }

    /// <summary>Lets time pass, tick by tick, and everything travel.</summary>
    public void Pass(TimeSpan span, bool travel = true)
    {
        Instant end = Now + span;
        while (true)
        {
            Instant? next = Instant.Earlier(Dialer.Connection.NextTick, Listener.Connection.NextTick);
            Now = next is { } at && at <= end ? Instant.Max(Now, at) : end;
            Dialer.Tick();
            Listener.Tick();
            if (travel)
            {
                Drive();
            }

            if (Now == end)
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        Dialer.Connection.Dispose();
        Listener.Connection.Dispose();
        DialerKey.Dispose();
        ListenerKey.Dispose();
    }

    private SigningKey NewKey()
    {
        var seed = new byte[32];
        _random.Fill(seed);
        return SigningKey.FromSeed(seed);
    }

    /// <summary>One end: the state machine, and what it has told so far.</summary>
    internal sealed class Side
    {
        private readonly Pair _pair;
        private readonly byte[] _buffer = new byte[200_000];

        public Side(Pair pair, SigningKey key, bool dialer, PeerId? expected, string[] protocols)
        {
            _pair = pair;
            var entropy = new byte[Connection.EntropyBytes];
            pair._random.Fill(entropy);
            Connection = new Connection(key, dialer, expected, protocols.Contains, entropy, pair.Now);
        }

        public Connection Connection { get; }

        public List<ConnectionOutput> Events { get; } = [];

        /// <summary>Whether received bytes are credited at once.</summary>
        public bool Consumes { get; set; } = true;

        public Dictionary<uint, List<byte>> Received { get; } = [];

        public long BytesSent { get; private set; }

        public T? Last<T>()
            where T : ConnectionOutput => Events.OfType<T>().LastOrDefault();

        public Fault? Fault => Last<ConnectionOutput.Failed>()?.Fault;

        public uint Open(params string[] protocols)
        {
            Assert.True(Connection.TryOpenStream(protocols, _pair.Now, out uint stream));
            TakeEvents();
            return stream;
        }

        /// <summary>Sends one burst to the other side; false when there was nothing.</summary>
        public bool Exchange(Side other)
        {
            int length = Connection.TakeBytes(_buffer);
            TakeEvents();
            BytesSent += length;
            for (int at = 0; at < length;)
            {
                int most = Math.Min(length - at, _pair._chunk);
                int take = _pair._chunk == int.MaxValue ? most : 1 + _pair._random.Next(most);
                other.Connection.Receive(_buffer.AsSpan(at, take), _pair.Now);
                other.TakeEvents();
                at += take;
            }

            return length > 0;
        }

        public void Tick()
        {
            Connection.Tick(_pair.Now);
            TakeEvents();
        }

        public void TakeEvents()
        {
            while (Connection.TryTakeEvent(out ConnectionOutput? output))
            {
                if (output is ConnectionOutput.StreamData data)
                {
                    if (!Received.TryGetValue(data.Stream, out List<byte>? bytes))
                    {
                        Received.Add(data.Stream, bytes = []);
                    }

                    bytes.AddRange(data.Bytes.Span);
                    if (Consumes)
                    {
                        Connection.Consumed(data.Stream, data.Bytes.Length);
                    }

                    output = new ConnectionOutput.StreamData(data.Stream, data.Bytes.ToArray());
                }

                Events.Add(output);
            }
        }
    }
}
