using System.Text;
using Serilog.Events;

namespace Kuzzle.Edge.Logging;

/// <summary>The syslog priority as systemd's journal reads it from a line; the journal has its own clock.</summary>
internal sealed class JournalStart : ILogLineStart
{
    /// <inheritdoc/>
    public void Append(StringBuilder line, LogEvent logEvent) => line.Append(Priority(logEvent.Level));

    /// <summary>sd-daemon(3).</summary>
    private static string Priority(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "<7>",
        LogEventLevel.Information => "<6>",
        LogEventLevel.Warning => "<4>",
        LogEventLevel.Error => "<3>",
        _ => "<2>",
    };
}
