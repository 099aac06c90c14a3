namespace Kuzzle.Edge.Api.Realtime;

/// <summary>
/// Lets what follows writes happen in the order of the writes, though their callers wake up in any order. A store takes writes in the order of the calls; so
/// calls and places in line are made together.
/// </summary>
internal sealed class CommitOrder
{
    private readonly Lock _lock = new();
    private readonly Queue<Place> _line = new();
    private bool _isDraining;

    /// <summary>Begins a write and takes its place in line. The place must be given back with <see cref="Leave"/>, whatever becomes of the write.</summary>
    public Task<T> Begin<T>(Func<Task<T>> write, out Place place)
    {
        place = new Place();
        lock (_lock)
        {
            _line.Enqueue(place);
            try
            {
                return write();
            }
            catch (Exception exception)
            {
                // A synchronous failure must not leave a place in line that nobody will ever leave: the caller finds it in the task.
                return Task.FromException<T>(exception);
            }
        }
    }

    /// <summary>Does <paramref name="follow"/> as soon as all earlier writes have been followed up; never two at a time.</summary>
    public void Leave(Place place, Action follow)
    {
        place.Follow = follow;
        lock (_lock)
        {
            place.IsReady = true;
            if (_isDraining) return;
            _isDraining = true;
        }

        while (TryTakeReady(out var ready)) ready.Follow!();
    }

    private bool TryTakeReady([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Place? ready)
    {
        lock (_lock)
        {
            if (_line.TryPeek(out ready) && ready.IsReady)
            {
                _line.Dequeue();
                return true;
            }

            _isDraining = false;
            ready = null;
            return false;
        }
    }

    /// <summary>A place in line.</summary>
    internal sealed class Place
    {
        public bool IsReady { get; set; }

        public Action? Follow { get; set; }
    }
}
