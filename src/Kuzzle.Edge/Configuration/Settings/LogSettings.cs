using Kuzzle.Edge.Configuration.Schema;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>What is written down, and where.</summary>
internal static class LogSettings
{
    public static readonly Setting<LogLevel> Level = new(
        "log.level",
        new ChoiceType<LogLevel>(
            ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("information", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error)),
        LogLevel.Information,
        "What is worth a line. May be changed with SIGHUP.");

    public static readonly Setting<string> File = new("log.file", Types.FilePath, null, "A file for the log, beside the console. A new one is begun each day and when it is full.");

    public static readonly Setting<long> MaxFileSize = new("log.maxFileSize", Types.Bytes(64 * 1024, 1 << 30), 10 * 1024 * 1024, "How large one log file may become.");

    public static readonly Setting<int> MaxFiles = new("log.maxFiles", Types.Integer(1, 1000), 7, "How many log files are kept.");

    public static IReadOnlyList<Setting> All { get; } = [Level, File, MaxFileSize, MaxFiles];
}
