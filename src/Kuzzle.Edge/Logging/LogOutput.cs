using Kuzzle.Edge.Configuration;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Kuzzle.Edge.Logging;

/// <summary>Where log lines go: to standard output, for the journal or a terminal, and to a bounded set of files if one is named.</summary>
internal sealed partial class LogOutput : IDisposable
{
    private readonly LoggingLevelSwitch _level;
    private readonly Logger _logger;
    private int _hasComplained;

    /// <summary>Opens the output.</summary>
    /// <param name="configuration">What and where.</param>
    /// <param name="goesToJournal">Whether standard output is systemd's journal.</param>
    public LogOutput(LogConfiguration configuration, bool goesToJournal)
    {
        _level = new LoggingLevelSwitch(Translate(configuration.Level));
        Ring = new LogRing(ShowsDetails);
        var setup = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(_level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning) // Each HTTP connection would be six lines at debug level.
            .WriteTo.Sink(Ring)
            .WriteTo.Console(new LogLine(goesToJournal ? new JournalStart() : new TimedStart(), ShowsDetails));
        if (configuration.File is { } file)
        {
            MakeSureOfFolder(Path.GetDirectoryName(Path.GetFullPath(file))!);
            SelfLog.Enable(ComplainOnce);
            setup = setup.WriteTo.File(
                new LogLine(new TimedStart(), ShowsDetails),
                Path.GetFullPath(file),
                fileSizeLimitBytes: configuration.MaxFileBytes,
                rollOnFileSizeLimit: true,
                rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: configuration.MaxFiles);
        }

        _logger = setup.CreateLogger();
        Loggers = new SerilogLoggerFactory(_logger);
    }

    /// <summary>What the parts log with.</summary>
    public ILoggerFactory Loggers { get; }

    /// <summary>The newest lines, for the API.</summary>
    public LogRing Ring { get; }

    /// <summary>Changes what is worth a line, from now on.</summary>
    public void ChangeLevel(LogLevel level) => _level.MinimumLevel = Translate(level);

    /// <summary>Writes out what waits.</summary>
    public void Dispose()
    {
        Loggers.Dispose();
        _logger.Dispose();
    }

    /// <summary>The library would go on without a file and say nothing; an operator who named one wants to know at start.</summary>
    private static void MakeSureOfFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        var probe = Path.Combine(folder, $".kuzzle-edge-{Environment.ProcessId}");
        File.Create(probe, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
    }

    /// <summary>Later, when the disk is full, the console goes on; one line there says that the file does not.</summary>
    private void ComplainOnce(string complaint)
    {
        if (Interlocked.Exchange(ref _hasComplained, 1) == 0) LogFileFailed(Loggers.CreateLogger<LogOutput>(), complaint);
    }

    private bool ShowsDetails() => _level.MinimumLevel <= LogEventLevel.Debug;

    private static LogEventLevel Translate(LogLevel level) => level switch
    {
        LogLevel.Trace => LogEventLevel.Verbose,
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Information => LogEventLevel.Information,
        LogLevel.Warning => LogEventLevel.Warning,
        _ => LogEventLevel.Error,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "The log file cannot be written any more: {Complaint}")]
    private static partial void LogFileFailed(Microsoft.Extensions.Logging.ILogger logger, string complaint);
}
