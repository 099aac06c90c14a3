using System.Globalization;
using System.Text;
using Serilog.Events;

namespace Kuzzle.Edge.Logging;

/// <summary>Time and level, for people and files.</summary>
internal sealed class TimedStart : ILogLineStart
{
    /// <inheritdoc/>
    public void Append(StringBuilder line, LogEvent logEvent) =>
        line.Append(CultureInfo.InvariantCulture, $"{logEvent.Timestamp.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Name(logEvent.Level)} ");

    internal static string Name(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info ",
        LogEventLevel.Warning => "warn ",
        _ => "error",
    };
}
