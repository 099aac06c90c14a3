namespace Kuzzle.Edge.Hardware.Sensors;

/// <summary>A physical quantity as the kernel gives it.</summary>
/// <param name="Kind">What is measured.</param>
/// <param name="Unit">The unit we tell.</param>
/// <param name="Scale">What the kernel's number is multiplied with to get that unit.</param>
internal sealed record Quantity(string Kind, string Unit, double Scale);
