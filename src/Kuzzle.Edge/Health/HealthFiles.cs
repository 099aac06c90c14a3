using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kuzzle.Edge.Api.Appliances;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Health;

/// <summary>
/// How the gateway is, in the folder for what lives as long as the process (systemd's RuntimeDirectory=): <c>health.json</c> for programs and <c>kuzzle-edge status</c>, and
/// <c>issue</c>, which the console shows above its login. Readable by everybody; nothing secret is in them. Without such a folder nothing is written.
/// </summary>
internal sealed partial class HealthFiles(string? folder, ILogger<HealthFiles> logger)
{
    /// <summary>The name of the file for programs.</summary>
    public const string Health = "health.json";

    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private bool _hasComplained;

    /// <summary>Where they go: the first folder that the service manager names; null when there is none.</summary>
    public static string? FolderOf(IReadOnlyDictionary<string, string> environment) =>
        environment.GetValueOrDefault("RUNTIME_DIRECTORY") is { Length: > 0 } folders ? folders.Split(':')[0] : null;

    /// <summary>Writes both files anew. What cannot be written is logged once.</summary>
    public void Write(HealthState state, string summary, IReadOnlyList<ApplianceCondition> conditions)
    {
        if (folder is null) return;

        try
        {
            Replace(Health, Describe(state, summary, conditions));
            Replace("issue", Encoding.UTF8.GetBytes(Issue(state, summary, conditions)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_hasComplained) LogNotWritten(folder, exception.Message);
            _hasComplained = true;
        }
    }

    private static ReadOnlySpan<byte> Describe(HealthState state, string summary, IReadOnlyList<ApplianceCondition> conditions)
    {
        var health = ApplianceHealth.Describe(conditions);
        health.Insert(0, "state", state == HealthState.Serving ? "serving" : "outOfOrder");
        health.Insert(2, "version", ProductVersion.Text);
        health.Insert(3, "processId", Environment.ProcessId);
        health.Insert(4, "summary", summary);
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Readable)) health.WriteTo(json);
        output.Write("\n"u8);
        return output.WrittenSpan;
    }

    /// <summary>As agetty shows it: a backslash would begin an escape of its own.</summary>
    private static string Issue(HealthState state, string summary, IReadOnlyList<ApplianceCondition> conditions)
    {
        var text = new StringBuilder("Kuzzle.Edge ").Append(ProductVersion.Text).Append(state == HealthState.Serving ? " serves " : " is OUT OF ORDER: ").Append(summary).Append('\n');
        foreach (var condition in conditions) text.Append(condition.Severity == ConditionSeverity.Alarm ? "  ALARM: " : "  note: ").Append(condition.Message).Append('\n');
        return text.Append('\n').ToString().Replace('\\', '/');
    }

    private void Replace(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(folder!, name);
        var fresh = $"{path}.new";
        File.WriteAllBytes(fresh, content);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(fresh, ForAll);
        File.Move(fresh, path, overwrite: true); // Whoever reads sees the one or the other, never half of it.
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "How the gateway is cannot be written to {Folder}: {Reason}")]
    private partial void LogNotWritten(string folder, string reason);
}
