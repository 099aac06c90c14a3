using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Sqlite.Search.Dates;

/// <summary>A date as it was written.</summary>
/// <param name="Local">Milliseconds since 1970, before any offset is applied.</param>
/// <param name="Unit">How many milliseconds the last part that was given stands for: a date stands for its day. A left-out month or day is 01.</param>
/// <param name="OffsetMinutes">The offset that was given, or null.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DateParts(long Local, long Unit, int? OffsetMinutes);
