using Kuzzle.Edge.Api.Appliances;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Health;

/// <summary>What is not as it should be, and since when. Each thing is logged when it comes and when it goes. Safe from any thread.</summary>
internal sealed partial class ConditionBoard(TimeProvider clock, ILogger<ConditionBoard> logger)
{
    private readonly Lock _gate = new();
    private IReadOnlyList<ApplianceCondition> _current = [];

    /// <summary>As of the last look, alarms first.</summary>
    public IReadOnlyList<ApplianceCondition> Current => Volatile.Read(ref _current);

    /// <summary>Takes what was found now. True when that is not what was there before.</summary>
    public bool Take(IEnumerable<FoundCondition> found)
    {
        lock (_gate)
        {
            var before = _current.ToDictionary(condition => condition.Name, StringComparer.Ordinal);
            var now = new List<ApplianceCondition>();
            foreach (var (name, severity, message) in found)
            {
                var isKnown = before.Remove(name, out var known) && known.Severity == severity;
                if (isKnown && known!.Message == message)
                {
                    now.Add(known);
                    continue;
                }

                now.Add(new ApplianceCondition(name, severity, message, isKnown ? known!.Since : clock.GetUtcNow()));
                if (isKnown) continue; // The same with other figures.
                if (severity == ConditionSeverity.Alarm) LogAlarm(message);
                else LogNotice(message);
            }

            foreach (var gone in before.Values.Where(gone => now.TrueForAll(condition => condition.Name != gone.Name))) LogGone(gone.Message);
            IReadOnlyList<ApplianceCondition> ordered = [.. now.OrderByDescending(condition => condition.Severity)];
            if (ordered.SequenceEqual(_current)) return false;

            Volatile.Write(ref _current, ordered);
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Alarm: {What}")]
    private partial void LogAlarm(string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What}")]
    private partial void LogNotice(string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No longer: {What}")]
    private partial void LogGone(string what);
}
