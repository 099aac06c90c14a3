namespace Kuzzle.Edge.Hardware.Scanning;

/// <summary>A device on a 1-Wire bus.</summary>
/// <param name="Id">Family and serial number: <c>28-00000abcdef0</c>.</param>
/// <param name="Family">The family in words: <c>DS18B20</c>; null when it is none we know.</param>
/// <param name="IsThermometer">True when <c>w1_therm</c> reads it.</param>
public sealed record OneWireFinding(string Id, string? Family, bool IsThermometer);
