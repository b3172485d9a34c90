using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;
using IncidentMesh.Tests.Records;
using Xunit;

namespace IncidentMesh.Tests.Identity;

public class IdentityBookTests
{
    private const long Created = 1_764_000_000;
    private static readonly SigningKey Root = Key(1);
    private static readonly SigningKey Next = Key(2);
    private static readonly SigningKey First = Key(3);
    private static readonly SigningKey Second = Key(4);
    private static readonly SigningKey Third = Key(5);

    private readonly IdentityEvent _inception = IdentityEvent.Inception(
        Root, IdentityEvent.Commitment(Next.Public), [KeyGrant.Signing(First.Public)], Created);

    private readonly IdentityBook _book = new();

    [Fact]
    public void An_inception_makes_an_identity_whose_keys_may_sign()
    {
        Assert.IsType<IdentityOutcome.Added>(_book.Apply(_inception));
        Assert.IsType<IdentityOutcome.Known>(_book.Apply(_inception));
        Assert.IsType<AuthOutcome.Yes>(_book.Authorises(_inception.Id, First.Public, _inception.Id));
        Assert.IsType<AuthOutcome.No>(_book.Authorises(_inception.Id, Second.Public, _inception.Id));
        Assert.IsType<AuthOutcome.No>(_book.Authorises(_inception.Id, Root.Public, _inception.Id));
        Assert.Equal(First.Public, Assert.Single(_book.KeysOf(_inception.Id)).Grant.Key);
    }

    [Fact]
    public void An_update_adds_a_key_and_the_old_one_goes_on()
    {
        IdentityEvent update = Update(_inception, Second);
        ApplyAll(_inception, update);
        Assert.IsType<AuthOutcome.Yes>(_book.Authorises(_inception.Id, Second.Public, update.Id));
        Assert.IsType<AuthOutcome.Yes>(_book.Authorises(_inception.Id, First.Public, update.Id));
        Assert.IsType<AuthOutcome.No>(_book.Authorises(_inception.Id, Second.Public, _inception.Id));
        Assert.Equal([_inception.Id, update.Id], _book.EventsOf(_inception.Id).Select(e => e.Id));
    }

    [Fact]
    public void What_is_missing_is_named_and_what_waited_is_released()
    {
        IdentityEvent update = Update(_inception, Second);
        IdentityEvent later = Update(update, Third);
        Assert.Equal(update.Id, Assert.IsType<IdentityOutcome.Pending>(_book.Apply(later)).Missing);
        Assert.Equal(_inception.Id, Assert.IsType<IdentityOutcome.Pending>(_book.Apply(update)).Missing);
        Assert.Equal(later.Id, Assert.IsType<AuthOutcome.Pending>(
            _book.Authorises(_inception.Id, Third.Public, later.Id)).Missing);

        IdentityOutcome.Added added = Assert.IsType<IdentityOutcome.Added>(_book.Apply(_inception));
        Assert.Equal([_inception.Id, update.Id, later.Id], added.Events.Select(e => e.Id));
        Assert.Equal(0, _book.WaitingCount);
        Assert.IsType<AuthOutcome.Yes>(_book.Authorises(_inception.Id, Third.Public, later.Id));
    }

    [Fact]
    public void Two_updates_of_one_event_add_no_keys()
    {
        IdentityEvent one = Update(_inception, Second);
        IdentityEvent other = Update(_inception, Third);
        IdentityEvent after = Update(one, Key(9));
        ApplyAll(_inception, one, after);
        Assert.IsType<AuthOutcome.Yes>(_book.Authorises(_inception.Id, Second.Public, one.Id));
        Assert.True(Assert.IsType<IdentityOutcome.Added>(_book.Apply(other)).Withdraws);
        Assert.True(_book.IsContested(_inception.Id));
        Assert.IsType<AuthOutcome.No>(_book.Authorises(_inception.Id, Second.Public, one.Id));
        Assert.IsType<AuthOutcome.No>(_book.Authorises(_inception.Id, Third.Public, other.Id));
        Assert.IsType<AuthOutcome.No>(_book.Authorises(_inception.Id, Key(9).Public, after.Id));
        Assert.IsType<AuthOutcome.Yes>(_book.Authorises(_inception.Id, First.Public, after.Id));
    }

    [Fact]
    public void Answers_do_not_depend_on_the_order_of_arrival()
    {
        SeededRandom random = new(Seeds.Next());
        IdentityEvent one = Update(_inception, Second);
        IdentityEvent other = Update(_inception, Third);
        IdentityEvent after = Update(one, Key(9));
        IdentityEvent deeper = Update(after, Key(10));
        IdentityEvent rotate = IdentityEvent.Rotate(
            Next, IdentityEvent.Commitment(Key(7).Public), after, [], [], 1);
        IdentityEvent[] events = [_inception, one, other, after, deeper, rotate];
        string? expected = null;
        for (int round = 0; round < 100; round++)
        {
            IdentityBook book = new();
            random.Shuffle(events);
            foreach (IdentityEvent e in events)
            {
                book.Apply(e);
            }

            string answers = string.Join('\n', book.EventsOf(_inception.Id).Select(e => e.Id.ToString()))
                + string.Join(
                    '\n', book.KeysOf(_inception.Id).Select(k => k.Grant.Key.ToString() + k.AddedBy));
            expected ??= answers;
            Assert.Equal(expected, answers);
            Assert.Equal(6, book.EventsOf(_inception.Id).Count);
        }
    }

    [Fact]
    public void A_stranger_cannot_add_to_a_log()
    {
        _book.Apply(_inception);
        IdentityEvent forged = Update(_inception, Second, Key(66));
        Assert.Equal(IdentityFaults.BadSignature, Refusal(forged));
        IdentityEvent stolen = IdentityEvent.Rotate(
            Root, Commit(Root), _inception, [KeyGrant.Signing(Second.Public)], [], Created);
        Assert.Equal(IdentityFaults.BadCommitment, Refusal(stolen));
    }

    [Fact]
    public void A_number_that_does_not_follow_is_refused()
    {
        IdentityEvent elsewhere = IdentityEvent.Inception(
            Root, IdentityEvent.Commitment(Third.Public), [], Created);
        IdentityEvent update = Update(elsewhere, Second);
        IdentityEvent skipped = Update(update, Third);
        _book.Apply(_inception);
        _book.Apply(elsewhere);

        // An update that claims one identity and follows an event of another.
        IdentityPayload payload = new("update")
        {
            Created = 1, Author = _inception.Id, Number = 1, Previous = elsewhere.Id,
        };
        Assert.Equal(IdentityFaults.BadPlace, Refusal(Sign(Root, payload)));
        payload = new("update") { Created = 1, Author = elsewhere.Id, Number = 2, Previous = elsewhere.Id };
        Assert.Equal(IdentityFaults.BadPlace, Refusal(Sign(Root, payload)));
        Assert.IsType<IdentityOutcome.Pending>(_book.Apply(skipped));
    }

    [Fact]
    public void A_rotation_is_kept_and_followed_by_no_key_yet()
    {
        IdentityEvent rotate = IdentityEvent.Rotate(
            Next, Commit(Third), _inception, [KeyGrant.Signing(Second.Public)], [], Created);
        IdentityEvent after = Update(rotate, Third, Next);
        ApplyAll(_inception, rotate, after);
        Assert.IsType<AuthOutcome.No>(_book.Authorises(_inception.Id, Second.Public, rotate.Id));
        Assert.IsType<AuthOutcome.Yes>(_book.Authorises(_inception.Id, First.Public, _inception.Id));
    }

    [Fact]
    public void An_operation_of_a_later_version_is_ignored()
    {
        IdentityPayload payload = new("merge") { Created = 1 };
        Assert.IsType<IdentityOutcome.Ignored>(_book.Apply(Sign(Root, payload)));
    }

    [Fact]
    public void Of_more_events_than_the_limit_the_same_are_kept_in_any_order()
    {
        List<IdentityEvent> events = [_inception];
        for (int i = 0; i < Limits.Records.IdentityEvents + 1; i++)
        {
            events.Add(IdentityEvent.Update(Root, _inception, [], [], i));
        }

        IdentityBook forwards = new();
        IdentityBook backwards = new();
        events.ForEach(e => forwards.Apply(e));
        events.Reverse();
        events.ForEach(e => backwards.Apply(e));
        backwards.Apply(_inception);
        events.ForEach(e => backwards.Apply(e));
        Assert.Equal(Limits.Records.IdentityEvents, forwards.EventsOf(_inception.Id).Count);
        Assert.Equal(
            forwards.EventsOf(_inception.Id).Select(e => e.Id),
            backwards.EventsOf(_inception.Id).Select(e => e.Id));
    }

    [Fact]
    public void Waiting_events_have_a_limit_and_the_oldest_goes()
    {
        IdentityEvent unknown = IdentityEvent.Inception(Root, IdentityEvent.Commitment(Third.Public), [], 5);
        for (int i = 0; i < Limits.Records.PendingIdentityEvents; i++)
        {
            _book.Apply(IdentityEvent.Update(Root, unknown, [], [], i));
        }

        Assert.Equal(Limits.Records.PendingIdentityEvents, _book.WaitingCount);
        _book.Apply(IdentityEvent.Update(Root, unknown, [], [], 1_000_000));
        Assert.Equal(Limits.Records.PendingIdentityEvents, _book.WaitingCount);
    }

    [Fact]
    public void A_removed_identity_is_forgotten()
    {
        IdentityEvent update = Update(_inception, Second);
        ApplyAll(_inception, update);
        _book.Remove(_inception.Id);
        Assert.False(_book.Knows(_inception.Id));
        Assert.False(_book.Contains(update.Id));
        Assert.IsType<AuthOutcome.Pending>(_book.Authorises(_inception.Id, First.Public, _inception.Id));
    }

    internal static IdentityEvent Sign(SigningKey key, IdentityPayload payload)
    {
        byte[] envelope = CoseSign1.Sign(key, IdentityEvent.ExternalAad, DagCbor.Write(payload.ToMap()));
        Assert.True(
            IdentityEvent.TryRead(envelope, out IdentityEvent? read, out Fault? fault), fault?.ToString());
        return read;
    }

    internal static SigningKey Key(byte number)
    {
        byte[] seed = new byte[32];
        seed[0] = number;
        return SigningKey.FromSeed(seed);
    }

    private static Digest Commit(SigningKey key) => IdentityEvent.Commitment(key.Public);

    private static IdentityEvent Update(IdentityEvent previous, SigningKey added, SigningKey? root = null) =>
        IdentityEvent.Update(root ?? Root, previous, [KeyGrant.Signing(added.Public)], [], Created);

    private string Refusal(IdentityEvent e) =>
        Assert.IsType<IdentityOutcome.Refused>(_book.Apply(e)).Fault.Code;

    private void ApplyAll(params IdentityEvent[] events)
    {
        foreach (IdentityEvent e in events)
        {
            Assert.IsType<IdentityOutcome.Added>(_book.Apply(e));
        }
    }
}
