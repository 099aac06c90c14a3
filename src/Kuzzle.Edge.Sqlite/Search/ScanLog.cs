using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>Tells the operator of searches that look into every document of a collection, once for each collection and set of fields.</summary>
internal sealed partial class ScanLog(ILogger logger)
{
    /// <summary>Clients name the fields, so what is remembered has a bound; beyond it nothing more is told.</summary>
    private const int MaxShapes = 1000;

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public void Note(SearchPlan plan)
    {
        if (plan.Scan is not { } scan) return;
        lock (_told)
        {
            if (_told.Count >= MaxShapes || !_told.Add($"{scan.Table.Number}:{scan.Fields}")) return;
        }

        LogScan(logger, scan.Table.Name.Index, scan.Table.Name.Collection, scan.Fields);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "A search in {Index}/{Collection} looks into every document: no index answers what it asks of [{Fields}]. A field has one when it is mapped")]
    private static partial void LogScan(ILogger logger, string index, string collection, string fields);
}
