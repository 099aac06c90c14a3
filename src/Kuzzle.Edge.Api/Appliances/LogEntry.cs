namespace Kuzzle.Edge.Api.Appliances;

/// <summary>One line of the log.</summary>
/// <param name="Time">When it was written.</param>
/// <param name="Level"><c>trace</c>, <c>debug</c>, <c>info</c>, <c>warn</c> or <c>error</c>.</param>
/// <param name="Source">The part of the program that wrote it.</param>
/// <param name="Message">What it says, in one line.</param>
public sealed record LogEntry(DateTimeOffset Time, string Level, string Source, string Message);
