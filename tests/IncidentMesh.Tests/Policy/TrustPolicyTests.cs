using IncidentMesh.Node.Policy;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Policy;

public sealed class TrustPolicyTests
{
    private static readonly Cid Me = Id("me");
    private static readonly Cid Friend = Id("friend");
    private static readonly Cid Stranger = Id("stranger");

    [Fact]
    public void The_operators_lists_decide_and_deny_wins()
    {
        var policy = new TrustPolicy();
        policy.AddOwn(Me);
        Assert.Equal(Standing.Trusted, policy.StandingOf(Me));
        Assert.Equal(Standing.Unknown, policy.StandingOf(Friend));
        policy.Trust(Friend);
        Assert.Equal(Standing.Trusted, policy.StandingOf(Friend));
        policy.SetList(Friend, 1, default, [Stranger]);
        Assert.Equal(Standing.Introduced, policy.StandingOf(Stranger));
        Assert.True(policy.Deny(Stranger));
        Assert.Equal(Standing.Denied, policy.StandingOf(Stranger));
        Assert.Equal(Disposition.Decline, policy.Judge(Stranger, 0, 1).Disposition);
        Assert.False(policy.Deny(Me));
        Assert.Equal(Standing.Trusted, policy.StandingOf(Me));
    }

    [Fact]
    public void One_record_of_a_stranger_can_be_let_in_or_dropped_and_standing_wins()
    {
        var policy = new TrustPolicy();
        Digest record = Id("record").Digest;
        policy.Review(record, true);
        Assert.True(policy.Admits(Stranger, record));
        Assert.False(policy.Admits(Stranger, Id("another").Digest));
        Assert.Equal(Disposition.Store, policy.Judge(Stranger, record, 0, 1).Disposition);
        policy.Review(record, false);
        Assert.False(policy.Admits(Stranger, record));
        Assert.Equal(Disposition.Decline, policy.Judge(Stranger, record, 0, 1).Disposition);
        policy.Trust(Stranger);
        Assert.Equal(Disposition.Store, policy.Judge(Stranger, record, 0, 1).Disposition);
        policy.Review(record, true);
        policy.Deny(Stranger);
        Assert.False(policy.Admits(Stranger, record));
        policy.Forget(Stranger);
        policy.Review(record, null);
        Assert.Equal(Disposition.Quarantine, policy.Judge(Stranger, record, 0, 1).Disposition);
    }

    [Fact]
    public void Trust_goes_one_hop_and_no_further()
    {
        var policy = new TrustPolicy();
        policy.Trust(Friend);
        policy.SetList(Friend, 1, default, [Stranger]);
        policy.SetList(Stranger, 1, default, [Id("third")]);
        Assert.Equal(Standing.Introduced, policy.StandingOf(Stranger));
        Assert.Equal(Standing.Unknown, policy.StandingOf(Id("third")));
    }

    [Fact]
    public void Who_is_on_a_followed_list_is_trusted()
    {
        var policy = new TrustPolicy();
        policy.SetList(Friend, 1, default, [Stranger]);
        policy.Follow(Friend);
        Assert.Equal(Standing.Trusted, policy.StandingOf(Stranger));
        policy.Unfollow(Friend);
        Assert.Equal(Standing.Introduced, policy.StandingOf(Stranger));
        policy.Forget(Friend);
        Assert.Equal(Standing.Unknown, policy.StandingOf(Stranger));
    }

    [Fact]
    public void The_newest_list_counts_in_whatever_order_they_come()
    {
        var policy = new TrustPolicy();
        policy.Trust(Friend);
        Assert.True(policy.SetList(Friend, 20, default, [Id("new")]));
        Assert.False(policy.SetList(Friend, 10, default, [Id("old")]));
        Assert.Equal(Standing.Introduced, policy.StandingOf(Id("new")));
        Assert.Equal(Standing.Unknown, policy.StandingOf(Id("old")));
    }

    [Fact]
    public void A_voucher_introduces_64_identities_and_not_65()
    {
        var policy = new TrustPolicy();
        policy.Trust(Friend);
        Cid[] entries = [.. Enumerable.Range(0, Limits.Policy.VoucherIdentities + 1).Select(n => Id($"{n}"))];
        policy.SetList(Friend, 1, default, entries);
        Assert.Equal(Standing.Introduced, policy.StandingOf(entries[^2]));
        Assert.Equal(Standing.Unknown, policy.StandingOf(entries[^1]));
    }

    [Fact]
    public void An_introduced_author_has_200_records_of_one_day_and_not_201()
    {
        TrustPolicy policy = Introducing(Stranger);
        for (int n = 0; n < Limits.Policy.IntroducedRecordsPerDay; n++)
        {
            Assert.Equal(Disposition.Store, policy.Judge(Stranger, 86_400 + n, 100).Disposition);
            policy.Charge(Stranger, 86_400 + n, 100);
        }

        Assert.Null(policy.BeyondQuota(Stranger));
        Assert.Equal(Disposition.Decline, policy.Judge(Stranger, 86_400, 100).Disposition);
        Assert.Equal("more than 200 records of one day", policy.BeyondQuota(Stranger));
        Assert.Equal(Disposition.Store, policy.Judge(Stranger, 2 * 86_400, 100).Disposition);
        policy.Trust(Stranger);
        Assert.Null(policy.BeyondQuota(Stranger));
        Assert.Equal(Disposition.Store, policy.Judge(Stranger, 86_400, 100).Disposition);
    }

    [Fact]
    public void An_introduced_author_has_16_MiB_and_not_a_byte_more()
    {
        TrustPolicy policy = Introducing(Stranger);
        policy.Charge(Stranger, 0, (int)Limits.Policy.IntroducedBytes - 100);
        Assert.Equal(Disposition.Store, policy.Judge(Stranger, 86_400, 100).Disposition);
        Assert.Equal(Disposition.Decline, policy.Judge(Stranger, 86_400, 101).Disposition);
    }

    [Fact]
    public void A_voucher_answers_for_64_MiB_and_not_a_byte_more()
    {
        Cid[] authors = [.. Enumerable.Range(0, 5).Select(n => Id($"author {n}"))];
        TrustPolicy policy = Introducing(authors);
        foreach (Cid author in authors[..4])
        {
            policy.Charge(author, 0, (int)Limits.Policy.IntroducedBytes - 25);
        }

        Assert.Equal(Disposition.Store, policy.Judge(authors[4], 86_400, 100).Disposition);
        Assert.Equal(Disposition.Decline, policy.Judge(authors[4], 86_400, 101).Disposition);
    }

    internal static Cid Id(string name) => Cid.Of(Codec.DagCbor, System.Text.Encoding.UTF8.GetBytes(name));

    private static TrustPolicy Introducing(params Cid[] authors)
    {
        var policy = new TrustPolicy();
        policy.Trust(Friend);
        policy.SetList(Friend, 1, default, authors);
        return policy;
    }
}
