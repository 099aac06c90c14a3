using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Composition;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.Listeners;
using Kuzzle.Edge.Listeners.Tls;
using Kuzzle.Edge.Logging;
using Kuzzle.Edge.Protocols.Http;
using Kuzzle.Edge.Systemd;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.CommandLine;

/// <summary><c>kuzzle-edge run</c>.</summary>
internal static partial class RunCommand
{
    /// <summary>Runs the gateway and answers how it ended. What goes wrong is one line on standard error, and its details are in the log at debug level.</summary>
    public static async Task<int> InvokeAsync(ConfigurationSources sources)
    {
        var result = EdgeConfiguration.Load(sources);
        foreach (var fault in result.Faults) StandardError.Write(ExitCode.Configuration, fault.ToString());
        if (result.Configuration is not { } configuration) return (int)ExitCode.Configuration;

        LogOutput output;
        try
        {
            output = new LogOutput(configuration.Log, goesToJournal: sources.Environment.ContainsKey("JOURNAL_STREAM"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return StandardError.Write(ExitCode.Configuration, $"log.file: {configuration.Log.File} cannot be written: {exception.Message}");
        }

        using var _ = output;
        InlineCompletions.Enable();
        var logger = output.Loggers.CreateLogger(typeof(RunCommand));
        try
        {
            using var signals = new ProcessSignals();
            using var manager = ServiceManager.Of(sources.Environment);
            await new GatewayLifetime(sources, configuration, output, manager, TimeProvider.System).RunAsync(signals);
            return (int)ExitCode.Success;
        }
        catch (Exception exception) // The outermost loop of the process: whatever it is, the operator gets a line and a code, and no stack trace.
        {
            var code = CodeOf(exception);
            LogDetails(logger, exception);
            return StandardError.Write(code, code == ExitCode.Unexpected ? $"a fault of the program: {exception.GetType().Name}: {exception.Message}" : exception.Message);
        }
    }

    /// <summary>How the process ends for what could not be done.</summary>
    public static ExitCode CodeOf(Exception exception) => exception switch
    {
        ListenException or ListenerException => ExitCode.AddressUnavailable,
        TlsFileException => ExitCode.Configuration, // Checked before, and changed since.
        DocumentStoreException { Fault: DocumentStoreFault.Unwritable } => ExitCode.DataUnwritable,
        DocumentStoreException { Fault: DocumentStoreFault.InUse } => ExitCode.DataInUse,
        DocumentStoreException { Fault: DocumentStoreFault.Corrupt or DocumentStoreFault.TooNew } => ExitCode.DataCorrupt,
        DocumentStoreException { Fault: DocumentStoreFault.NoEngine } => ExitCode.LibraryMissing,
        DocumentStoreException => ExitCode.DiskFailure,
        BrokerStoreException { InnerException: DocumentStoreException cause } => CodeOf(cause),
        BrokerStoreException => ExitCode.DiskFailure,
        _ => ExitCode.Unexpected,
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "Why the process ends")]
    private static partial void LogDetails(ILogger logger, Exception exception);
}
