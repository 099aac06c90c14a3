namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>Whether a message is kept for those who subscribe later.</summary>
public enum Retention
{
    /// <summary>Only those hear it who listen now.</summary>
    Passing,

    /// <summary>It stays until the next one on its topic.</summary>
    Kept,
}
