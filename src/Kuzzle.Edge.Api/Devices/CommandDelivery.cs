namespace Kuzzle.Edge.Api.Devices;

/// <summary>What became of a command in one session.</summary>
public enum CommandDelivery
{
    /// <summary>The device has it: acknowledged, where that was asked.</summary>
    Delivered,

    /// <summary>The session does not listen for commands of that device (any more).</summary>
    NotListening,

    /// <summary>The session ended before the device had acknowledged it: it may have got it, or not.</summary>
    Lost,

    /// <summary>The device has refused it.</summary>
    Refused,

    /// <summary>The device takes no message of that size, or the name makes no topic.</summary>
    Unsendable,
}
