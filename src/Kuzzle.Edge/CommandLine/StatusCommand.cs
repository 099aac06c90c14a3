using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Health;

namespace Kuzzle.Edge.CommandLine;

/// <summary><c>kuzzle-edge status</c>: how the service on this machine is, from what it writes about itself; no login is needed.</summary>
internal static class StatusCommand
{
    /// <summary>Where the unit has its folder; systemd removes it when the service ends.</summary>
    private const string DefaultFolder = "/run/kuzzle-edge";

    /// <summary>Prints how it is. Answers 0 when all is well or only worth knowing, 71 for an alarm, 69 when no gateway runs.</summary>
    /// <param name="folder">The folder of the service; null for the usual one.</param>
    /// <param name="asJson">Whether the file is printed as it is.</param>
    public static int Invoke(string? folder, bool asJson, TextWriter output)
    {
        var path = Path.Combine(folder ?? DefaultFolder, HealthFiles.Health);
        try
        {
            var text = File.ReadAllBytes(path);
            var health = JsonElement.Parse(text);
            var processId = health.GetProperty("processId").GetInt32();
            if (!Directory.Exists($"/proc/{processId}")) return StandardError.Write(ExitCode.AddressUnavailable, $"no gateway runs: process {processId}, which wrote {path}, is gone");

            if (asJson) output.Write(System.Text.Encoding.UTF8.GetString(text));
            else Print(health, output);
            return (int)(health.GetProperty("status").ValueEquals("red") ? ExitCode.Alarm : ExitCode.Success);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return StandardError.Write(ExitCode.AddressUnavailable, $"no gateway runs as a service of this machine: there is no {path}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return StandardError.Write(ExitCode.AddressUnavailable, $"{path} cannot be read: {unreadable.Message}");
        }
    }

    private static void Print(JsonElement health, TextWriter output)
    {
        output.WriteLine($"{(health.GetProperty("state").ValueEquals("serving") ? "serves" : "OUT OF ORDER")}: {health.GetProperty("summary")}");
        foreach (var condition in health.GetProperty("conditions").EnumerateArray())
        {
            var since = DateTimeOffset.FromUnixTimeMilliseconds(condition.GetProperty("since").GetInt64()).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            output.WriteLine($"{(condition.GetProperty("severity").ValueEquals("alarm") ? "ALARM" : "note")} ({condition.GetProperty("name")}, since {since}): {condition.GetProperty("message")}");
        }

        if (health.GetProperty("conditions").GetArrayLength() == 0) output.WriteLine("all is well");
    }
}
