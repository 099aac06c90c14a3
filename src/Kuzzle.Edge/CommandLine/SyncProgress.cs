using System.Globalization;
using System.Text.Json;

namespace Kuzzle.Edge.CommandLine;

/// <summary>Shows how the backlog melts: on a terminal a bar that moves, elsewhere a line when there is something new.</summary>
/// <param name="output">Where it is shown.</param>
/// <param name="isTerminal">Whether a line can be written over.</param>
internal sealed class SyncProgress(TextWriter output, bool isTerminal)
{
    private const int BarLength = 24;

    private long _most;
    private string _last = "";

    /// <summary>Whether nothing waits any more that could travel.</summary>
    public static bool IsDone(JsonElement status)
    {
        if (!status.TryGetProperty("backlog", out var backlog)) return true; // There are only bridges, whose queues are the broker's.
        return Number(backlog, "documents") - Number(backlog, "deferred") <= 0 && Number(backlog, "messages") == 0;
    }

    /// <summary>Shows a status.</summary>
    public void Show(JsonElement status)
    {
        if (!status.TryGetProperty("backlog", out var backlog)) return;

        var left = Number(backlog, "documents") + Number(backlog, "messages");
        _most = Math.Max(_most, left);
        var rate = status.GetProperty("rates").GetProperty("delivered").GetDouble();
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{status.GetProperty("state").GetString()}: {left} of {_most} wait, {rate:0.#}/s{Estimate(left, rate)}{Kept(backlog)}{Reason(status)}");
        if (text == _last) return;

        if (isTerminal)
        {
            var line = Bar(left) + text;
            output.Write($"\r{line.PadRight(_last.Length + BarLength + 3)}");
            output.Flush();
        }
        else
        {
            output.WriteLine(text);
        }

        _last = text;
    }

    /// <summary>What is written next begins a line of its own.</summary>
    public void End()
    {
        if (isTerminal && _last.Length > 0) output.WriteLine();
    }

    private string Bar(long left)
    {
        var full = _most == 0 ? BarLength : (int)(BarLength * (_most - left) / _most);
        return $"[{new string('#', full)}{new string('.', BarLength - full)}] ";
    }

    private static string Estimate(long left, double rate) =>
        left > 0 && rate > 0 ? string.Create(CultureInfo.InvariantCulture, $", about {TimeSpan.FromSeconds(Math.Ceiling(Math.Min(left / rate, 8_640_000))):c}") : "";

    private static string Kept(JsonElement backlog)
    {
        var deferred = Number(backlog, "deferred");
        var parked = Number(backlog, "parked");
        return (deferred > 0 ? $", {deferred} for their own time" : "") + (parked > 0 ? $", {parked} kept aside" : "");
    }

    private static string Reason(JsonElement status) => status.GetProperty("reason") is { ValueKind: JsonValueKind.String } reason ? $" ({reason.GetString()})" : "";

    private static long Number(JsonElement group, string member) => group.TryGetProperty(member, out var value) && value.TryGetInt64(out var number) ? number : 0;
}
