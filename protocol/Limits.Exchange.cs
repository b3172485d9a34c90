namespace IncidentMesh.Protocol;

public static partial class Limits
{
    /// <summary><c>specs/exchange.md</c>: files come from elsewhere too.</summary>
    public static class Exchange
    {
        /// <summary>Bytes of a line or CSV row: the largest record in base64 with its body as JSON
        /// fits.</summary>
        public const int LineBytes = 1 << 20;

        /// <summary>Lines that one CSV row may span: a quote that is never closed is found out after so
        /// many.</summary>
        public const int RowLines = 1_000;

        /// <summary>Bytes of a file that is one report.</summary>
        public const int FileBytes = 1 << 20;
    }
}
