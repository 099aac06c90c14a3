using Kuzzle.Edge.CommandLine;

return await EdgeCommand.InvokeAsync(args);
