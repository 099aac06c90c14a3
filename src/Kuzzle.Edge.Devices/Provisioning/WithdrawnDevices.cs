namespace Kuzzle.Edge.Devices.Provisioning;

/// <summary>What becomes of devices that the configuration declared once and declares no longer.</summary>
public enum WithdrawnDevices
{
    /// <summary>They are disabled: nobody gets in by a password that was taken out of the configuration. Their documents, events and commands stay, and declaring them again enables them.</summary>
    Disable,

    /// <summary>They stay as they are, and the log names them once.</summary>
    Keep,
}
