namespace Kuzzle.Edge.Devices.Commands;

/// <summary>The commands of one device. Guarded by the dispatcher's lock.</summary>
internal sealed class CommandLine((string Application, string Device) key)
{
    public (string Application, string Device) Key => key;

    /// <summary>Those to be looked at, in their order.</summary>
    public Queue<PendingCommand> Ready { get; private set; } = new();

    /// <summary>Those for which nobody listens, in their order.</summary>
    public List<PendingCommand> Waiting { get; } = [];

    /// <summary>Whether somebody is at it.</summary>
    public bool IsWorking { get; set; }

    /// <summary>Whether something has happened that may concern those who wait.</summary>
    public bool MustLookAgain { get; set; } = true;

    /// <summary>Those who wait come again, before those who came later.</summary>
    public void LookAgain()
    {
        if (Waiting.Count == 0) return;
        Ready = new Queue<PendingCommand>(Waiting.Concat(Ready));
        Waiting.Clear();
    }
}
