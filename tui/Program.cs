Console.Error.WriteLine("error: the terminal UI is not built yet");
return 2;
