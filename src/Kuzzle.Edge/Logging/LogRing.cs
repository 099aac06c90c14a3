using Kuzzle.Edge.Api.Appliances;
using Serilog.Core;
using Serilog.Events;

namespace Kuzzle.Edge.Logging;

/// <summary>The newest lines of the log in memory, for those who ask the API. Older ones make room.</summary>
internal sealed class LogRing(Func<bool> showsDetails) : ILogEventSink
{
    /// <summary>Some hours of a healthy gateway, and with the bound of a line half a megabyte at the most.</summary>
    private const int MaxEntries = 1000;

    private const int MaxMessageLength = 500;

    private readonly Lock _lock = new();
    private readonly Queue<LogEntry> _entries = new();

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        var message = LogLine.MessageOf(logEvent, showsDetails());
        if (message.Length > MaxMessageLength) message = $"{message.AsSpan(0, MaxMessageLength)}…";
        var entry = new LogEntry(logEvent.Timestamp, TimedStart.Name(logEvent.Level).TrimEnd(), LogLine.SourceOf(logEvent).ToString(), message);
        lock (_lock)
        {
            if (_entries.Count == MaxEntries) _entries.Dequeue();
            _entries.Enqueue(entry);
        }
    }

    /// <summary>The newest ones, oldest first.</summary>
    public IReadOnlyList<LogEntry> Recent(int count)
    {
        lock (_lock) return [.. _entries.TakeLast(count)];
    }
}
