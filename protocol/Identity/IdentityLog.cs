using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Identity;

/// <summary>The events of one identity as a tree: honest logs are a chain, a stolen or copied root key makes
/// branches. <c>specs/identity.md</c>, "Competing events".</summary>
internal sealed class IdentityLog
{
    private readonly Dictionary<Cid, Node> _nodes = [];
    private readonly SortedSet<Node> _order = new(Comparer<Node>.Create(Compare));

    internal IdentityLog(IdentityEvent inception)
    {
        Author = inception.Id;
        Insert(new Node(inception, null));
    }

    internal Cid Author { get; }

    internal IReadOnlyList<IdentityEvent> Events => [.. _order.Select(n => n.Event)];

    internal bool IsContested => _nodes.Values.Any(n => n.UpdatesAfter > 1);

    internal Node? Find(Cid id) => _nodes.GetValueOrDefault(id);

    /// <summary>Adds an event that follows one of this log.</summary>
    /// <param name="event">The event.</param>
    /// <param name="dropped">An event that had to make room. Of more events than the limit those with the
    /// least number, then id, are kept, so that the set does not depend on the order of arrival.</param>
    internal IdentityOutcome Add(IdentityEvent @event, out IdentityEvent? dropped)
    {
        dropped = null;
        Node parent = _nodes[@event.Previous!.Value];
        if (Check(@event, parent) is { } fault)
        {
            return new IdentityOutcome.Refused(fault);
        }

        Node node = new(@event, parent);
        if (_nodes.Count >= Limits.Records.IdentityEvents)
        {
            Node last = _order.Max!;
            if (Compare(node, last) > 0)
            {
                return new IdentityOutcome.Ignored(
                    $"the identity has {Limits.Records.IdentityEvents} events");
            }

            Remove(last);
            dropped = last.Event;
        }

        Insert(node);
        bool withdraws = dropped is not null || (node.IsUpdate && parent.UpdatesAfter > 1);
        return new IdentityOutcome.Added([@event], withdraws);
    }

    internal AuthOutcome Authorises(PublicKey key, Cid auth)
    {
        bool contested = false;
        bool rotated = false;
        for (Node? node = _nodes[auth]; node is not null; node = node.Parent)
        {
            rotated |= node.Event.Operation == IdentityOperation.Rotate;
        }

        if (rotated)
        {
            return new AuthOutcome.No(
                "the identity rotated its root key, which this version does not follow yet");
        }

        for (Node? node = _nodes[auth]; node is not null; node = node.Parent)
        {
            if (!node.Event.Added.Any(g => g.Allows(key, KeyGrant.Sign)))
            {
                continue;
            }

            if (!node.IsOnContestedBranch)
            {
                return AuthOutcome.Yes.Instance;
            }

            contested = true;
        }

        return new AuthOutcome.No(contested
            ? "two updates of the identity compete: keys that they add do not count"
            : "the event named in auth, and those before it, do not let the key sign");
    }

    internal IReadOnlyList<(KeyGrant Grant, Cid AddedBy)> ActiveKeys() =>
    [
        .. from node in _order
           from grant in node.Event.Added
           where grant.Key is { } key && Authorises(key, node.Event.Id) is AuthOutcome.Yes
           select (grant, node.Event.Id),
    ];

    private Fault? Check(IdentityEvent @event, Node parent)
    {
        if (@event.Author != Author || @event.Number != parent.Event.Number + 1)
        {
            return Fault.Message(
                IdentityFaults.BadPlace, "an event whose author or number does not fit the one before it");
        }

        bool rotation = @event.Operation == IdentityOperation.Rotate;
        if (rotation && IdentityEvent.Commitment(@event.Root!.Value) != parent.Next)
        {
            return Fault.Message(
                IdentityFaults.BadCommitment, "a rotation to a key that was not committed to");
        }

        return @event.VerifySignature(rotation ? @event.Root!.Value : parent.Root)
            ? null
            : Fault.Message(IdentityFaults.BadSignature, "an event that the root key did not sign");
    }

    private void Insert(Node node)
    {
        _nodes.Add(node.Event.Id, node);
        _order.Add(node);
        if (node.IsUpdate)
        {
            node.Parent!.UpdatesAfter++;
        }
    }

    private void Remove(Node node)
    {
        _nodes.Remove(node.Event.Id);
        _order.Remove(node);
        if (node.IsUpdate)
        {
            node.Parent!.UpdatesAfter--;
        }
    }

    private static int Compare(Node a, Node b)
    {
        int order = a.Event.Number.CompareTo(b.Event.Number);
        return order != 0 ? order : a.Event.Id.CompareTo(b.Event.Id);
    }

    internal sealed class Node(IdentityEvent @event, Node? parent)
    {
        internal IdentityEvent Event { get; } = @event;

        internal Node? Parent { get; } = parent;

        /// <summary>The root key after this event.</summary>
        internal PublicKey Root { get; } = @event.Root ?? parent!.Root;

        /// <summary>What the next root key must hash to.</summary>
        internal Digest Next { get; } = @event.Next ?? parent!.Next;

        /// <summary>How many updates follow this event directly.</summary>
        internal int UpdatesAfter { get; set; }

        internal bool IsUpdate => Event.Operation == IdentityOperation.Update;

        /// <summary>True where this event, or one before it, is an update that competes with
        /// another.</summary>
        internal bool IsOnContestedBranch
        {
            get
            {
                for (Node? node = this; node is not null; node = node.Parent)
                {
                    if (node.IsUpdate && node.Parent!.UpdatesAfter > 1)
                    {
                        return true;
                    }
                }

                return false;
            }
        }
    }
}
