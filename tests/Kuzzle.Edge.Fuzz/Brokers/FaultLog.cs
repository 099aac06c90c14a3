using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Fuzz.Brokers;

/// <summary>A log in which an error is a finding: the broker writes one where an exception would have escaped.</summary>
internal sealed class FaultLog : ILoggerFactory, ILogger
{
    private string? _fault;

    /// <summary>The first error, or null.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) Remember($"{formatter(state, exception)}\n{exception}");
    }

    public void Remember(string fault) => Interlocked.CompareExchange(ref _fault, fault, null);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("This log is all there is.");

    public void Dispose()
    {
    }
}
