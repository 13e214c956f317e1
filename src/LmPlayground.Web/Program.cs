using LmPlayground.Web.Cli;

return await PlaygroundCommand.RunAsync(args);
