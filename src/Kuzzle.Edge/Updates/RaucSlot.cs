namespace Kuzzle.Edge.Updates;

/// <summary>One of the places that a system is started from.</summary>
/// <param name="Name">Its name towards the boot loader: <c>A</c> or <c>B</c>.</param>
/// <param name="IsBooted">Whether this system runs from it.</param>
/// <param name="IsGood">Whether the boot loader may start it.</param>
/// <param name="Version">The version that was installed into it by an update; null for what the image was flashed with.</param>
/// <param name="InstalledAt">When that was, as RAUC writes it; null likewise.</param>
internal sealed record RaucSlot(string Name, bool IsBooted, bool IsGood, string? Version, string? InstalledAt);
