namespace Kuzzle.Edge.Broker.Clients;

/// <summary>What goes on without a connection to wait for it: wills that handlers are asked about. The broker waits for it when it stops.</summary>
internal sealed class PendingWork
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    public void Run(Func<Task> work)
    {
        var running = new Task<Task>(work);
        var done = running.Unwrap();
        lock (_gate) _running.Add(done);
        _ = done.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        running.Start(TaskScheduler.Default);
    }

    public Task WhenDoneAsync()
    {
        lock (_gate) return Task.WhenAll(_running);
    }

    private void Forget(Task done)
    {
        lock (_gate) _running.Remove(done);
    }
}
