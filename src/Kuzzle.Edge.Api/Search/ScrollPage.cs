using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Search;

/// <summary>One page of a scroll.</summary>
/// <param name="Id">What the next page is asked for by.</param>
/// <param name="Found">The hits, or why there can be none.</param>
/// <param name="Remaining">How many matches come after this page; with 0 the scroll has ended.</param>
public sealed record ScrollPage(string Id, SearchOutcome Found, long Remaining);
