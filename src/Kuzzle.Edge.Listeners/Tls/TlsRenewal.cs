namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>
/// Looks at the files of all TLS listeners again and again. Their content is compared, not their times or names: so it does not matter whether they are renewed in place, by
/// renaming, or by pointing a link elsewhere.
/// </summary>
internal sealed class TlsRenewal(IReadOnlyList<RenewedHandshake> listeners, TimeProvider clock) : IAsyncDisposable
{
    // A few KB from the page cache; a renewed certificate is in force long before the old one ends.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _looking = Task.CompletedTask;

    /// <summary>Begins to look, if there is something to look at.</summary>
    public void Start()
    {
        if (listeners.Count > 0) _looking = LookAsync();
    }

    /// <summary>Looks now.</summary>
    public void LookNow()
    {
        foreach (var listener in listeners) listener.LookAgain();
    }

    /// <summary>Stops looking, and frees the listeners' TLS.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
        foreach (var listener in listeners) listener.Dispose();
    }

    private async Task LookAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, clock);
            while (await timer.WaitForNextTickAsync(_stop.Token)) LookNow();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Time to stop.
        }
    }
}
