namespace Kuzzle.Edge.Hardware.Pwm;

/// <summary>A chip with PWM outputs.</summary>
/// <param name="Name">Its folder: <c>pwmchip0</c>.</param>
/// <param name="Device">The device it belongs to (<c>3f20c000.pwm</c>); empty when the kernel does not say.</param>
/// <param name="Channels">How many outputs it has.</param>
public sealed record PwmChip(string Name, string Device, int Channels);
