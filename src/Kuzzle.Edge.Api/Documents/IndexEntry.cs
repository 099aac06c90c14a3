using System.Collections.Immutable;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>One index of the <see cref="Catalogue"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CollectionNames">Its collections, oldest first.</param>
/// <param name="Collections">The same by name.</param>
public sealed record IndexEntry(string Name, ImmutableList<string> CollectionNames, ImmutableDictionary<string, CollectionDefinition> Collections);
