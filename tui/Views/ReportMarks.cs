using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>Marks that only this node has: read, and bookmarked.</summary>
internal static class ReportMarks
{
    /// <summary>Turns the bookmark over, or marks as read; both can be undone.</summary>
    public static void Turn(Desk desk, Verb verb, ReportItem item)
    {
        bool bookmark = verb == Verb.Bookmark;
        bool on = bookmark ? !desk.IsBookmarked(item) : desk.IsUnread(item);
        MarkRequest Request(bool value) => bookmark
            ? new MarkRequest([item.Id], Bookmarked: value) : new MarkRequest([item.Id], Read: value);
        string done = (bookmark, on) switch
        {
            (true, true) => T("bookmarked; is:bookmarked finds it"),
            (true, false) => T("no longer bookmarked"),
            (false, true) => T("read"),
            _ => T("unread"),
        };
        Send(desk, Request(on), done);
        desk.Undoable(done, () => Send(desk, Request(!on), T("as before")));
    }

    /// <summary>A report was opened: it is read.</summary>
    public static void Opened(Desk desk, ReportItem item)
    {
        if (desk.IsUnread(item))
        {
            Send(desk, new MarkRequest([item.Id], Read: true), null);
        }
    }

    private static void Send(Desk desk, MarkRequest request, string? done) => desk.Courier.Ask(
        (node, stop) => node.MarkAsync(request, stop),
        answer =>
        {
            foreach (MarkItem mark in answer.Items)
            {
                desk.Marked(mark);
            }

            if (done is not null)
            {
                desk.Say($"{done}   {Words.Undo}");
            }
        },
        desk.Failed);
}
