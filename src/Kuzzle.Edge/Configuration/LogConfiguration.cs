using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Configuration;

/// <summary>What is written down, and where. The console is always written to.</summary>
/// <param name="Level">What is worth a line.</param>
/// <param name="File">A file beside the console, or null.</param>
/// <param name="MaxFileBytes">How large one file may become.</param>
/// <param name="MaxFiles">How many files are kept.</param>
internal sealed record LogConfiguration(LogLevel Level, string? File, long MaxFileBytes, int MaxFiles);
