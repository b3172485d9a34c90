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

        /// <summary>Bytes of a file that is one JSON document with many reports (a STIX bundle, MISP events,
        /// a GraphQL dump): it is held in memory as a whole.</summary>
        public const int DocumentBytes = 1 << 26;

        /// <summary>Levels of nesting of a JSON or YAML document.</summary>
        public const int Depth = 32;

        /// <summary>Bytes of a file that says what the columns of a CSV file mean.</summary>
        public const int MapBytes = 1 << 16;

        /// <summary>Different fields that one loss report counts; further ones are counted
        /// together.</summary>
        public const int LossFields = 512;
    }
}
