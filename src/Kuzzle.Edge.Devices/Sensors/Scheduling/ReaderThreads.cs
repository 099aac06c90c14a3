using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors.Scheduling;

/// <summary>
/// The threads that talk to chips: few as long as chips answer, more while jobs wait behind slow ones, never more than <see cref="MaxThreads"/>. None is of the pool
/// that serves sockets. A thread that a driver does not give back costs one of the bound, and no other sensor.
/// </summary>
/// <param name="drained">Called by a thread that has found no more work, before it waits.</param>
internal sealed partial class ReaderThreads(Action drained, ILogger logger) : IDisposable
{
    /// <summary>How many drivers may hang before other sensors have to wait for them. Each thread costs a stack of which little is ever touched.</summary>
    public const int MaxThreads = 32;

    /// <summary>A second thread stays, so that one slow chip does not make a new thread each second.</summary>
    private const int KeptThreads = 2;

    /// <summary>After a burst of slow chips its threads go again; sooner would make them anew at each sweep.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Queue<IReadJob> _waiting = new();
    private readonly List<Reader> _idle = [];
    private int _threads;
    private bool _isStopped;

    /// <summary>How many jobs wait for a thread.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>How many threads there are, those that hang among them.</summary>
    public int Threads
    {
        get
        {
            lock (_gate) return _threads;
        }
    }

    /// <summary>Hands jobs over, in their order. One thread sees to them; whoever calls this sees to it that there are more when they wait, see <see cref="Reinforce"/>.</summary>
    public void Enqueue(IReadOnlyList<IReadJob> jobs)
    {
        if (jobs.Count == 0) return;

        bool isSomebodyAtIt;
        lock (_gate)
        {
            if (_isStopped) return;
            foreach (var job in jobs) _waiting.Enqueue(job);
            isSomebodyAtIt = _threads > _idle.Count;
        }

        if (!isSomebodyAtIt) Reinforce();
    }

    /// <summary>Hands a job over that somebody waits for: it has a thread at once, if there may be one more.</summary>
    public void EnqueueUrgent(IReadJob job)
    {
        Enqueue([job]);
        Reinforce();
    }

    /// <summary>
    /// Sets one more thread to work when jobs wait. Chips that answer at once need one thread, and waking a second costs more than they do; so somebody calls this again
    /// when jobs still wait a little later.
    /// </summary>
    public void Reinforce()
    {
        Reader? woken = null;
        lock (_gate)
        {
            if (_isStopped || _waiting.Count == 0) return;
            if (_idle is [.., var last])
            {
                woken = last;
                _idle.RemoveAt(_idle.Count - 1);
            }
            else if (_threads == MaxThreads)
            {
                return;
            }
            else
            {
                _threads++;
            }
        }

        if (woken is not null) woken.Wakeup.Set();
        else new Thread(Read) { IsBackground = true, Name = "sensor reader" }.Start(); // In the background: a driver that hangs does not hold up the end of the process.
    }

    /// <summary>Lets the threads end. What waits is not read any more; what a chip is asked already is not waited for.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            _waiting.Clear();
            foreach (var reader in _idle) reader.Wakeup.Set();
            _idle.Clear();
        }
    }

    private void Read()
    {
        using var reader = new Reader();
        while (Take(reader) is { } job)
        {
            try
            {
                job.Run();
            }
            catch (Exception unexpected)
            {
                // The outermost loop of this thread: other sensors need it.
                LogUnexpected(logger, unexpected);
            }
        }
    }

    /// <summary>The next job, waited for; null when the thread is to end.</summary>
    private IReadJob? Take(Reader reader)
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_isStopped && _waiting.TryDequeue(out var job)) return job;
            }

            drained();
            lock (_gate)
            {
                if (_isStopped)
                {
                    _threads--;
                    return null;
                }

                if (_waiting.Count > 0) continue;
                _idle.Add(reader);
            }

            if (!reader.Wakeup.WaitOne(IdleLimit) && IsNoLongerNeeded(reader)) return null;
        }
    }

    private bool IsNoLongerNeeded(Reader reader)
    {
        lock (_gate)
        {
            if (!_idle.Remove(reader)) return false; // It was woken at the last moment.
            if (_threads <= KeptThreads) return false; // It goes on waiting.

            _threads--;
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading a sensor has failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception unexpected);

    private sealed class Reader : IDisposable
    {
        public AutoResetEvent Wakeup { get; } = new(initialState: false);

        public void Dispose() => Wakeup.Dispose();
    }
}
